using WfRunner.Core.Config;

namespace WfRunner.Operators.Cloud.Google;

/// <summary>Copies options of a task to fields of a request, each in its type; what is not set is not sent.</summary>
internal sealed class BqFields(ConfigMap options)
{
    private readonly ConfigMapBuilder _fields = new();

    public BqFields Text(string option, string field) => Add(option, field, v => ConfigAccess.AsString(option, v));

    public BqFields Boolean(string option, string field) => Add(option, field, v => ConfigAccess.AsBoolean(option, v));

    public BqFields Integer(string option, string field) => Add(option, field, _ => (long)options.GetInt32(option));

    public BqFields Texts(string option, string field) => Add(option, field, v => TextList(option, v));

    public BqFields Object(string option, string field) => Add(option, field, _ => options.GetMap(option));

    public BqFields List(string option, string field) => Add(option, field, _ => new ConfigList(options.GetList(option)));

    /// <summary>A field whose value is made already.</summary>
    public BqFields Value(string field, ConfigValue? value)
    {
        if (value is not null)
        {
            _fields.Set(field, value);
        }

        return this;
    }

    public ConfigMap Build() => _fields.Build();

    /// <summary>A list of texts.</summary>
    public static ConfigList TextList(string option, ConfigValue value) => value is ConfigList list
        ? new ConfigList(list.Items.Select(i => ConfigValue.FromString(ConfigAccess.AsString(option, i))))
        : throw ConfigAccess.Mismatch("array type", option, value);

    private BqFields Add(string option, string field, Func<ConfigValue, ConfigValue> make)
    {
        if (options[option] is { IsNull: false } value)
        {
            _fields.Set(field, make(value));
        }

        return this;
    }
}
