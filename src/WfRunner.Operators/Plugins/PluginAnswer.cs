using System.Text;
using System.Text.Json;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Plugins;

/// <summary>What a plugin answers.</summary>
internal abstract record PluginAnswer
{
    private const int ShownLength = 200;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private PluginAnswer()
    {
    }

    /// <summary>Reads an answer. Nothing at all is success without a result.</summary>
    /// <param name="bytes">What came on standard output.</param>
    /// <param name="name">The program, for messages.</param>
    /// <exception cref="TaskFailedException">It is none; the message shows what came.</exception>
    public static PluginAnswer Parse(ReadOnlyMemory<byte> bytes, string name)
    {
        try
        {
            return Read(bytes);
        }
        catch (Exception e) when (e is JsonException or ConfigException or DecoderFallbackException)
        {
            var text = Encoding.UTF8.GetString(bytes.Span).Trim();
            var shown = text.Length > ShownLength ? text[..ShownLength] + "..." : text;
            throw new TaskFailedException(
                $"{name} did not answer as a plugin does: {e.Message}\nIts answer on standard output was: {shown}\nWhat is meant for the log belongs to standard error.",
                null,
                e);
        }
    }

    /// <summary>The same; null when it is none.</summary>
    public static PluginAnswer? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Read(bytes);
        }
        catch (Exception e) when (e is JsonException or ConfigException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static PluginAnswer Read(ReadOnlyMemory<byte> bytes)
    {
        var text = Utf8.GetString(bytes.Span);
        if (string.IsNullOrWhiteSpace(text))
        {
            return new Success(TaskResult.Empty);
        }

        var answer = ConfigJson.Parse(text) as ConfigMap ?? throw new ConfigException("an answer is a JSON object");
        return answer.GetStringOr("status", "success") switch
        {
            "success" => new Success(new TaskResult
            {
                SubtaskConfig = answer.GetMapOrEmpty("subtasks"),
                ExportParams = answer.GetMapOrEmpty("export"),
                StoreParams = answer.GetMapOrEmpty("store"),
                ResetStoreParams = Texts(answer, "reset_store"),
            }),
            "error" => new Error(answer.GetStringOr("message", "failed without a message"), answer.Without("status").Without("message")),
            "retry" => new Retry(DelayOf(answer), answer.GetMapOrEmpty("state")),
            "need_secrets" => new Secrets(Texts(answer, "secrets")),
            var unknown => throw new ConfigException($"unknown status '{unknown}'; it is one of success, error, retry and need_secrets"),
        };
    }

    private static string[] Texts(ConfigMap answer, string key) =>
        [.. answer.GetListOrEmpty(key).Select(v => ConfigAccess.AsString(key, v))];

    private static Duration DelayOf(ConfigMap answer)
    {
        const int longest = 24 * 60 * 60;
        var after = answer["after"] switch
        {
            ConfigInteger or ConfigFloat => Duration.FromSeconds(double.Parse(
                ConfigAccess.AsString("after", answer["after"]!), System.Globalization.CultureInfo.InvariantCulture)),
            ConfigText text => DurationText.Parse(text.Value),
            _ => throw new ConfigException("the status 'retry' needs 'after': seconds, or a duration such as \"1m 30s\""),
        };
        return after >= Duration.Zero && after <= Duration.FromSeconds(longest)
            ? after
            : throw new ConfigException($"'after' must be between 0 and {longest} seconds");
    }

    /// <summary>The task is done.</summary>
    public sealed record Success(TaskResult Result) : PluginAnswer;

    /// <summary>The task failed.</summary>
    public sealed record Error(string Message, ConfigMap Properties) : PluginAnswer;

    /// <summary>The plugin wants to be called again.</summary>
    public sealed record Retry(Duration After, ConfigMap State) : PluginAnswer;

    /// <summary>The plugin wants to be called again at once, with secrets.</summary>
    public sealed record Secrets(IReadOnlyList<string> Keys) : PluginAnswer;
}
