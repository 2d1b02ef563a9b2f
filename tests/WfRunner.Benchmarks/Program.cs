using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/WfRunner.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(WfRunner.Benchmarks.ReadingBenchmarks).Assembly).Run(args);
