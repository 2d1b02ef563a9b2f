using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Server.Http.Schemas;

/// <summary>
/// How a value of the program is shown as a JSON object. Each field is declared once, with its type and where its value comes from;
/// what is answered and what the API's description says are both made from that.
/// </summary>
/// <typeparam name="T">The value that is shown.</typeparam>
/// <param name="name">Name in the API's description.</param>
/// <param name="description">What it is.</param>
internal sealed class Model<T>(string name, string description) : IModel
{
    private readonly List<(string Name, ConfigMap Schema, bool IsOptional, Func<T, ConfigValue?> Value)> _fields = [];

    public string Name => name;

    public ConfigMap Schema => Schemas.Schema.Object(
        description, [.. _fields.Select(f => (f.Name, f.Schema))], [.. _fields.Where(f => f.IsOptional).Select(f => f.Name)]);

    /// <summary>Shows a value.</summary>
    public ConfigMap Show(T value) => ConfigMap.Of(
        _fields.Select(f => (f.Name, Value: f.Value(value))).Where(f => f.Value is not null).Select(f => (f.Name, f.Value!)));

    /// <summary>Shows several.</summary>
    public ConfigList ShowAll(IEnumerable<T> values) => new(values.Select(Show));

    public Model<T> Field(string field, ConfigMap schema, Func<T, ConfigValue> value)
    {
        _fields.Add((field, schema, false, value));
        return this;
    }

    /// <summary>A field that is left out where it has no value.</summary>
    public Model<T> Optional(string field, ConfigMap schema, Func<T, ConfigValue?> value)
    {
        _fields.Add((field, schema, true, value));
        return this;
    }

    /// <summary>A text that is left out where there is none.</summary>
    public Model<T> OptionalText(string field, ConfigMap schema, Func<T, string?> value) =>
        Optional(field, schema, v => value(v) is { } text ? new ConfigText(text) : null);

    public Model<T> Text(string field, Func<T, string> value) => Field(field, Schemas.Schema.Text, v => value(v));

    public Model<T> TextOrNull(string field, Func<T, string?> value) =>
        Field(field, Schemas.Schema.Nullable(Schemas.Schema.Text), v => OrNull(value(v)));

    public Model<T> Id<TId>(string field, Func<T, TId> value)
        where TId : struct => Field(field, Schemas.Schema.Id, v => value(v).ToString()!);

    public Model<T> IdOrNull<TId>(string field, Func<T, TId?> value)
        where TId : struct => Field(field, Schemas.Schema.Nullable(Schemas.Schema.Id), v => OrNull(value(v)?.ToString()));

    public Model<T> Flag(string field, Func<T, bool> value) => Field(field, Schemas.Schema.Boolean, v => value(v));

    public Model<T> Count(string field, Func<T, long> value) => Field(field, Schemas.Schema.Count, v => value(v));

    /// <summary>A time, its fraction of a second cut off.</summary>
    public Model<T> Time(string field, Func<T, Instant> value) => Field(field, Schemas.Schema.Time, v => ApiTime.Write(value(v)));

    public Model<T> TimeOrNull(string field, Func<T, Instant?> value) =>
        Field(field, Schemas.Schema.Nullable(Schemas.Schema.Time), v => ApiTime.Write(value(v)));

    /// <summary>A time in a zone of its own.</summary>
    public Model<T> ZonedTime(string field, Func<T, (Instant Time, DateTimeZone Zone)> value) =>
        Field(field, Schemas.Schema.Time, v => value(v) is var (time, zone) ? ApiTime.Write(time, zone) : ConfigNull.Instance);

    public Model<T> Object(string field, Func<T, ConfigMap> value) => Field(field, Schemas.Schema.AnyObject, v => value(v));

    /// <summary>An object of another model.</summary>
    public Model<T> Of<TPart>(string field, Model<TPart> model, Func<T, TPart> value) =>
        Field(field, Schemas.Schema.Reference(model), v => model.Show(value(v)));

    /// <summary>A list of objects of another model.</summary>
    public Model<T> ListOf<TPart>(string field, Model<TPart> model, Func<T, IEnumerable<TPart>> value) =>
        Field(field, Schemas.Schema.ListOf(Schemas.Schema.Reference(model)), v => model.ShowAll(value(v)));

    /// <summary>The fields of another model of the same value, first.</summary>
    public Model<T> With(Model<T> other)
    {
        _fields.AddRange(other._fields);
        return this;
    }

    /// <summary>The fields of a model of something that the value has, first.</summary>
    public Model<T> With<TPart>(Model<TPart> other, Func<T, TPart> part)
    {
        _fields.AddRange(other._fields.Select(f => (f.Name, f.Schema, f.IsOptional, (Func<T, ConfigValue?>)(v => f.Value(part(v))))));
        return this;
    }

    private static ConfigValue OrNull(string? text) => text is null ? ConfigNull.Instance : new ConfigText(text);
}
