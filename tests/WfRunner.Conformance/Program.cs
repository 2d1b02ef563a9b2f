using WfRunner.Conformance.Tables;

// `-- tables FILE.jsonl...` compares recorded tables from the command line; anything else runs the tests.
if (args is not ["tables", .. var paths])
{
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).ConfigureAwait(false);
}

var passed = 0;
var failed = 0;
foreach (var path in paths)
{
    var (matches, mismatches) = TableRun.Compare(path);
    passed += matches;
    failed += mismatches.Count;
    foreach (var mismatch in mismatches)
    {
        Console.WriteLine(mismatch);
    }
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 ? 0 : 1;
