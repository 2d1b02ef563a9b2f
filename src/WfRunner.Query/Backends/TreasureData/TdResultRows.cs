using System.Buffers;
using System.Runtime.CompilerServices;
using MessagePack;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.TreasureData;

/// <summary>
/// Reads a result of the form <c>msgpack.gz</c>: one array a row, one after the other, so that only one row is held at a time.
/// Digdag behaviour: operators-td 15.
/// </summary>
internal static class TdResultRows
{
    private const int MaximumDepth = 100;

    /// <summary>Streams the rows.</summary>
    /// <param name="compressed">The body of the answer.</param>
    /// <param name="path">Path of the request, for messages.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TdApiException">The stream broke or is no such result.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<ConfigValue>> ReadAsync(
        Stream compressed, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = new CompressedBody(compressed);
        await using (body.ConfigureAwait(false))
        {
            var stream = body.Open();
            await using var opened = stream.ConfigureAwait(false);
            using var reader = new MessagePackStreamReader(stream, leaveOpen: true);
            while (await NextAsync(reader, path, cancellationToken).ConfigureAwait(false) is { } row)
            {
                yield return row;
            }

            if (!body.IsPlausible)
            {
                throw TdApiException.OfContent(path, "the answer is empty or ends early");
            }
        }
    }

    private static async Task<IReadOnlyList<ConfigValue>?> NextAsync(MessagePackStreamReader reader, string path, CancellationToken cancellationToken)
    {
        try
        {
            if (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } bytes)
            {
                return Row(bytes, path);
            }

            return reader.RemainingBytes.IsEmpty ? null : throw TdApiException.OfContent(path, "the result ends in the middle of a row");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or HttpRequestException)
        {
            throw TdApiException.OfTransport("SOCKET_ERROR", path, e);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException)
        {
            throw TdApiException.OfTransport("INVALID_RESPONSE", path, e);
        }
    }

    private static List<ConfigValue> Row(ReadOnlySequence<byte> bytes, string path)
    {
        var reader = new MessagePackReader(bytes);
        if (reader.NextMessagePackType != MessagePackType.Array)
        {
            throw TdApiException.OfContent(path, "a row of the result is no array");
        }

        var count = reader.ReadArrayHeader();
        var row = new List<ConfigValue>(count);
        for (var i = 0; i < count; i++)
        {
            row.Add(Value(ref reader, path, 0));
        }

        return row;
    }

    private static ConfigValue Value(ref MessagePackReader reader, string path, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw TdApiException.OfContent(path, "a value of the result is nested too deeply");
        }

        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                return ConfigNull.Instance;
            case MessagePackType.Boolean:
                return ConfigBoolean.Of(reader.ReadBoolean());
            case MessagePackType.Integer:
                return reader.NextCode == MessagePackCode.UInt64 ? new ConfigInteger(reader.ReadUInt64()) : new ConfigInteger(reader.ReadInt64());
            case MessagePackType.Float:
                return new ConfigFloat(reader.ReadDouble());
            case MessagePackType.String:
                return new ConfigText(reader.ReadString() ?? string.Empty);
            case MessagePackType.Binary:
                var binary = reader.ReadBytes();
                return new ConfigText(binary is { } b ? System.Text.Encoding.UTF8.GetString(b.ToArray()) : string.Empty);
            case MessagePackType.Array:
                return List(ref reader, path, depth);
            case MessagePackType.Map:
                return Map(ref reader, path, depth);
            default:
                throw TdApiException.OfContent(path, $"a value of the result has the unknown type {reader.NextMessagePackType}");
        }
    }

    private static ConfigList List(ref MessagePackReader reader, string path, int depth)
    {
        var items = new ConfigValue[reader.ReadArrayHeader()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Value(ref reader, path, depth + 1);
        }

        return new ConfigList(items);
    }

    private static ConfigMap Map(ref MessagePackReader reader, string path, int depth)
    {
        var builder = new ConfigMapBuilder();
        var count = reader.ReadMapHeader();
        for (var i = 0; i < count; i++)
        {
            var key = Value(ref reader, path, depth + 1);
            builder.Set(key is ConfigText text ? text.Value : ConfigJson.Write(key), Value(ref reader, path, depth + 1));
        }

        return builder.Build();
    }
}
