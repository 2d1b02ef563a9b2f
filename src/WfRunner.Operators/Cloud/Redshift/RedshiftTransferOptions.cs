using System.Globalization;
using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Cloud.Redshift;

/// <summary>
/// The options of COPY and UNLOAD: which there are, in which order and form a statement carries them. Digdag behaviour:
/// operators-cloud 4.5 and 4.6.
/// </summary>
internal static class RedshiftTransferOptions
{
    /// <summary>Options of COPY, in the order of the statement.</summary>
    public static IReadOnlyList<Option> Copy { get; } =
    [
        new("readratio", "READRATIO", Form.Number),
        new("manifest", "MANIFEST", Form.Flag),
        new("encrypted", "ENCRYPTED", Form.Flag),
        new("region", "REGION", Form.Text),
        new("csv", "CSV QUOTE", Form.Text) { Alone = "CSV" },
        new("delimiter", "DELIMITER", Form.Text),
        new("fixedwidth", "FIXEDWIDTH", Form.Text),
        new("json", "FORMAT AS JSON", Form.Text),
        new("avro", "FORMAT AS AVRO", Form.Text),
        new("gzip", "GZIP", Form.Flag),
        new("bzip2", "BZIP2", Form.Flag),
        new("lzop", "LZOP", Form.Flag),
        new("acceptanydate", "ACCEPTANYDATE", Form.Flag),
        new("acceptinvchars", "ACCEPTINVCHARS", Form.Text),
        new("blanksasnull", "BLANKSASNULL", Form.Flag),
        new("dateformat", "DATEFORMAT", Form.Text),
        new("emptyasnull", "EMPTYASNULL", Form.Flag),
        new("encoding", "ENCODING", Form.Word),
        new("escape", "ESCAPE", Form.Flag),
        new("explicit_ids", "EXPLICIT_IDS", Form.Flag),
        new("fillrecord", "FILLRECORD", Form.Flag),
        new("ignoreblanklines", "IGNOREBLANKLINES", Form.Flag),
        new("ignoreheader", "IGNOREHEADER", Form.Number),
        new("null_as", "NULL AS", Form.Text),
        new("removequotes", "REMOVEQUOTES", Form.Flag),
        new("roundec", "ROUNDEC", Form.Flag),
        new("timeformat", "TIMEFORMAT", Form.Text),
        new("trimblanks", "TRIMBLANKS", Form.Flag),
        new("truncatecolumns", "TRUNCATECOLUMNS", Form.Flag),
        new("comprows", "COMPROWS", Form.Number),
        new("compupdate", "COMPUPDATE", Form.Switch),
        new("maxerror", "MAXERROR", Form.Number),
        new("noload", "NOLOAD", Form.Flag),
        new("statupdate", "STATUPDATE", Form.Switch),
    ];

    /// <summary>Options of UNLOAD, in the order of the statement.</summary>
    public static IReadOnlyList<Option> Unload { get; } =
    [
        new("manifest", "MANIFEST", Form.Flag),
        new("encrypted", "ENCRYPTED", Form.Flag),
        new("delimiter", "DELIMITER", Form.Text),
        new("fixedwidth", "FIXEDWIDTH", Form.Text),
        new("gzip", "GZIP", Form.Flag),
        new("bzip2", "BZIP2", Form.Flag),
        new("addquotes", "ADDQUOTES", Form.Flag),
        new("null_as", "NULL AS", Form.Text),
        new("escape", "ESCAPE", Form.Flag),
        new("allowoverwrite", "ALLOWOVERWRITE", Form.Flag),
        new("parallel", "PARALLEL", Form.Switch),
    ];

    /// <summary>How a value stands in a statement.</summary>
    public enum Form
    {
        /// <summary>Only the keyword, when true.</summary>
        Flag,

        /// <summary>The keyword and an integer.</summary>
        Number,

        /// <summary>The keyword and a quoted text.</summary>
        Text,

        /// <summary>The keyword and a word of letters, digits and <c>-_</c> without quotes.</summary>
        Word,

        /// <summary>The keyword and ON, OFF, TRUE or FALSE.</summary>
        Switch,
    }

    /// <summary>What the operator declares for them.</summary>
    public static IEnumerable<OperatorParameter> Parameters(IEnumerable<Option> options) => options.Select(o => new OperatorParameter(
        o.Key,
        o.Form switch
        {
            Form.Flag => ParameterType.Boolean,
            Form.Number => ParameterType.Integer,
            _ => ParameterType.Text,
        },
        $"{o.Keyword} of the statement."));

    /// <summary>The lines of a statement for what is set.</summary>
    /// <exception cref="ConfigException">A value has the wrong form.</exception>
    public static string Lines(IEnumerable<Option> options, ConfigMap parameters)
    {
        var lines = new StringBuilder();
        foreach (var line in options.Select(o => o.Line(parameters)).OfType<string>())
        {
            lines.Append(line).Append('\n');
        }

        return lines.ToString();
    }

    /// <summary>A text in the quotes of SQL.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>One option.</summary>
    /// <param name="Key">The parameter.</param>
    /// <param name="Keyword">What the statement says.</param>
    /// <param name="Form">How the value follows.</param>
    internal sealed record Option(string Key, string Keyword, Form Form)
    {
        /// <summary>What the statement says when the text is empty.</summary>
        public string? Alone { get; init; }

        public string? Line(ConfigMap parameters)
        {
            if (parameters[Key] is null or ConfigNull)
            {
                return null;
            }

            return Form switch
            {
                Form.Flag => parameters.GetBoolean(Key) ? Keyword : null,
                Form.Number => string.Create(CultureInfo.InvariantCulture, $"{Keyword} {parameters.GetInt32(Key)}"),
                _ when parameters.GetString(Key).Length == 0 => Alone ?? Keyword,
                Form.Text => $"{Keyword} {Quote(parameters.GetString(Key))}",
                Form.Word => $"{Keyword} {WordOf(parameters)}",
                _ => $"{Keyword} {SwitchOf(parameters)}",
            };
        }

        // It stands without quotes, so it must not be able to hold another statement.
        private string WordOf(ConfigMap parameters) => parameters.GetString(Key) is var word && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? word
            : throw new ConfigException($"{Keyword} should be one word: {word}", parameters[Key]!.Span);

        private string SwitchOf(ConfigMap parameters) => parameters.GetString(Key) is var word && word.ToUpperInvariant() is "ON" or "OFF" or "TRUE" or "FALSE"
            ? word
            : throw new ConfigException($"{Keyword} should be in ON/OFF/TRUE/FALSE: {word}", parameters[Key]!.Span);
    }
}
