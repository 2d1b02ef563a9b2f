// Makes the fixture tables of this sample: dotnet run data/generate.cs
// The seed is fixed, so the files are the same on every machine.
using System.Globalization;
using System.Text;

const int Rows = 10_000;
const long Start = 1481155200; // 2016-12-08 00:00:00 UTC, the first second that the queries count
const long End = Start + 3600; // the first second that they do not count any more

string[] makers = ["web", "ios", "android", "batch", "管理画面", "バッチ処理", "sales, tokyo", "he said \"hi\"", ""];
var folder = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "data", "test");
Directory.CreateDirectory(folder);
foreach (var (table, seed) in new[] { ("test1", 20161208UL), ("test2", 20161209UL) })
{
    var state = seed;
    var csv = new StringBuilder("time,created_by,ip,user,path\n");
    for (var i = 0; i < Rows; i++)
    {
        // The first rows stand exactly on the bounds and next to them.
        var time = i switch { 0 => Start, 1 => Start - 1, 2 => End - 1, 3 => End, 4 => Start, 5 => End, _ => Start - 1800 + Next(7200) };
        var maker = makers[Next(makers.Length)];
        var ip = Next(20) == 0 ? null : $"10.{Next(4)}.{Next(16)}.{Next(250)}";
        var user = Next(15) == 0 ? null : Next(10) == 0 ? $"利用者{Next(40)}" : $"user{Next(400).ToString(CultureInfo.InvariantCulture)}";
        csv.Append(time.ToString(CultureInfo.InvariantCulture)).Append(',')
            .Append(maker.Length == 0 ? string.Empty : Quoted(maker)).Append(',')
            .Append(ip is null ? string.Empty : Quoted(ip)).Append(',')
            .Append(user is null ? string.Empty : Quoted(user)).Append(',')
            .Append(Quoted($"/items/{Next(50)}?q=検索")).Append('\n');
    }

    File.WriteAllText(Path.Combine(folder, table + ".csv"), csv.ToString(), new UTF8Encoding(false));

    // A generator of our own, because the platform's may change between versions.
    int Next(int below)
    {
        state = unchecked((state * 6364136223846793005UL) + 1442695040888963407UL);
        return (int)((state >> 33) % (ulong)below);
    }
}

static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"") + "\"";
