using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Configuration;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Operators.Scripting;
using WfRunner.Runtime.Logging;

namespace WfRunner.Cli;

/// <summary>The process: streams, signals, and the way from arguments to a command and from a failure to an exit code.</summary>
internal static class Program
{
    private const string Name = "wf";
    private const int Interrupted = 130;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private static string Version { get; } =
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public static async Task<int> Main(string[] args)
    {
        using var standardOutput = new StreamWriter(Console.OpenStandardOutput(), Utf8) { AutoFlush = true, NewLine = "\n" };
        using var standardError = new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true, NewLine = "\n" };
        var output = TextWriter.Synchronized(standardOutput);
        var error = TextWriter.Synchronized(standardError);
        if (args.Contains("--version", StringComparer.Ordinal))
        {
            await output.WriteLineAsync(Version).ConfigureAwait(false);
            return 0;
        }

        var zone = LocalTimeZone();
        var now = SystemClock.Instance.GetCurrentInstant().InZone(zone);
        await error.WriteLineAsync($"{DigdagTimestamp.Format(now)}: {Name} v{Version}").ConfigureAwait(false);
        NativeLibraries.ServeTo(typeof(DuckDB.NET.Native.NativeMethods).Assembly, typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly);
        using var interruption = new Interruption();
        try
        {
            return await RunAsync(SkipLauncherFlags(args), output, error, zone, interruption).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return interruption.ExitCode;
        }
        catch (Exception e) when (Report(e, args, error) is { } code)
        {
            return code;
        }
    }

    private static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, DateTimeZone zone, Interruption interruption)
    {
        var (global, name, rest) = SplitAtCommand(args);
        if (name is null)
        {
            var before = ArgumentParser.Parse(global, CommonOptions.All);
            PrintProgramUsage(error, withHint: true);
            return before.Has(CommonOptions.Help) || args.Length == 0 ? 0 : 2;
        }

        var command = CommandCatalog.Find(name) ?? throw new UsageException(
            $"available commands are: [{string.Join(", ", CommandCatalog.All.Select(c => c.Syntax.Name))}]");
        IReadOnlyList<OptionSyntax> options = [.. command.Syntax.Options, .. CommonOptions.All];
        var outer = ArgumentParser.Parse(global, CommonOptions.All);
        var arguments = ArgumentParser.Parse(rest, options);
        if (arguments.Has(CommonOptions.Help) || outer.Has(CommonOptions.Help))
        {
            await error.WriteAsync(UsageText.OfCommand(Name, command.Syntax)).ConfigureAwait(false);
            return 0;
        }

        try
        {
            return await RunCommandAsync(command, outer, arguments, output, error, zone, interruption).ConfigureAwait(false);
        }
        catch (UsageException e)
        {
            await error.WriteAsync(UsageText.OfCommand(Name, command.Syntax)).ConfigureAwait(false);
            await error.WriteLineAsync("\nerror: " + e.Message).ConfigureAwait(false);
            return e.ExitCode;
        }
    }

    private static async Task<int> RunCommandAsync(
        ICommand command,
        ParsedArguments outer,
        ParsedArguments arguments,
        TextWriter output,
        TextWriter error,
        DateTimeZone zone,
        Interruption interruption)
    {
        if (arguments.Positional.Count < command.Syntax.MinimumArguments)
        {
            throw new UsageException($"{command.Syntax.Name} needs {command.Syntax.Arguments}", exitCode: 2);
        }

        if (arguments.Positional.Count > command.Syntax.MaximumArguments)
        {
            throw new UsageException($"too many arguments: {arguments.Positional[command.Syntax.MaximumArguments]}", exitCode: 2);
        }

        var configuration = SystemConfiguration.Load(
            Environment.GetEnvironmentVariable,
            arguments.Value(CommonOptions.Config) ?? outer.Value(CommonOptions.Config),
            Properties(outer).Concat(Properties(arguments)),
            Environment.CurrentDirectory);
        using var log = OpenLog(outer, arguments, output, zone);
        return await command.RunAsync(
            arguments,
            new CommandContext
            {
                ProgramName = Name,
                Version = Version,
                Out = output,
                Error = error,
                ErrorUsesColor = Terminal.ShowsColor(Console.IsErrorRedirected, Environment.GetEnvironmentVariable),
                In = Console.OpenStandardInput(),
                CurrentDirectory = Environment.CurrentDirectory,
                SystemConfig = configuration,
                ConfigHome = SystemConfiguration.HomeOf(Environment.GetEnvironmentVariable),
                Log = log,
                LogTo = IsLoggedToFile(outer, arguments)
                    ? null
                    : (writer, colored) => LogOutput.ToWriter(writer, LogLevelOf(outer, arguments), zone, colored),
                Terminal = Terminal.OfProcess(Environment.GetEnvironmentVariable),
                Clock = SystemClock.Instance,
                SystemTimeZone = zone,
                TakeHurry = interruption.TakeHurry,
            },
            interruption.Token).ConfigureAwait(false);
    }

    private static LogOutput OpenLog(ParsedArguments outer, ParsedArguments arguments, TextWriter output, DateTimeZone zone)
    {
        var level = LogLevelOf(outer, arguments);
        return IsLoggedToFile(outer, arguments)
            ? LogOutput.ToFile(Path.GetFullPath(LogPathOf(outer, arguments)), level, zone)
            : LogOutput.ToWriter(output, level, zone, Terminal.ShowsColor(Console.IsOutputRedirected, Environment.GetEnvironmentVariable));
    }

    private static TaskLogLevel LogLevelOf(ParsedArguments outer, ParsedArguments arguments) =>
        (arguments.Value(CommonOptions.LogLevel) ?? outer.Value(CommonOptions.LogLevel) ?? "info") switch
        {
            "error" => TaskLogLevel.Error,
            "warn" => TaskLogLevel.Warn,
            "info" => TaskLogLevel.Info,
            "debug" => TaskLogLevel.Debug,
            "trace" => TaskLogLevel.Trace,
            var unknown => throw new CommandLineException(
                $"Unknown log level '{unknown}'. Use one of error, warn, info, debug and trace."),
        };

    private static string LogPathOf(ParsedArguments outer, ParsedArguments arguments) =>
        arguments.Value(CommonOptions.Log) ?? outer.Value(CommonOptions.Log) ?? "-";

    private static bool IsLoggedToFile(ParsedArguments outer, ParsedArguments arguments) => LogPathOf(outer, arguments) != "-";

    private static IEnumerable<KeyValuePair<string, string>> Properties(ParsedArguments arguments) =>
        arguments.Values(CommonOptions.Property).Select(p => p.Split('=', 2)).Select(p => new KeyValuePair<string, string>(p[0], p[1]));

    // Digdag's self-executing file takes -J arguments for the JVM; old scripts may still pass them.
    private static string[] SkipLauncherFlags(string[] args) =>
        [.. args.SkipWhile(a => a.StartsWith("-J", StringComparison.Ordinal))];

    private static (IReadOnlyList<string> Global, string? Command, IReadOnlyList<string> Arguments) SplitAtCommand(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var option = CommonOptions.All.FirstOrDefault(o => o.Names.Contains(args[i]));
            if (option is null && !args[i].StartsWith('-'))
            {
                return ([.. args.Take(i)], args[i], [.. args.Skip(i + 1)]);
            }

            if (option is { Kind: OptionKind.Value or OptionKind.Dynamic })
            {
                i++;
            }
        }

        return (args, null, []);
    }

    private static void PrintProgramUsage(TextWriter error, bool withHint) =>
        error.Write(UsageText.OfProgram(Name, [.. CommandCatalog.All.Select(c => c.Syntax)], withHint));

    // Null means: not ours to explain, let it crash with its trace.
    private static int? Report(Exception failure, string[] args, TextWriter error)
    {
        switch (failure)
        {
            case UsageException usage:
                PrintProgramUsage(error, withHint: false);
                error.WriteLine("\nerror: " + usage.Message);
                return usage.ExitCode;
            case CommandLineException deliberate:
                error.WriteLine("error: " + deliberate.Message);
                return 1;
            case OutOfMemoryException or StackOverflowException:
                return null;
            default:
                error.WriteLine("error: " + FailureText.Describe(failure));
                if (IsDebugging(args) || failure is not (WorkflowException or IOException or UnauthorizedAccessException))
                {
                    error.WriteLine(failure.ToString());
                }

                return 1;
        }
    }

    private static bool IsDebugging(string[] args)
    {
        var at = Array.FindIndex(args, a => a is "-l" or "--log-level");
        return at >= 0 && at + 1 < args.Length && args[at + 1] is "debug" or "trace";
    }

    private static DateTimeZone LocalTimeZone()
    {
        if (Environment.GetEnvironmentVariable("TZ") is { Length: > 0 } name && Core.Scheduling.TimeZoneId.TryParse(name.TrimStart(':'), out var named))
        {
            return named;
        }

        try
        {
            return DateTimeZoneProviders.Tzdb.GetSystemDefault();
        }
        catch (NodaTime.TimeZones.DateTimeZoneNotFoundException)
        {
            return NodaTime.TimeZones.BclDateTimeZone.ForSystemDefault();
        }
    }

    /// <summary>
    /// Turns the first Ctrl-C or TERM into the wish to end in good order, and the second into the wish to end now, if the command
    /// knows how to; the next one ends the process and the commands it has started.
    /// </summary>
    private sealed class Interruption : IDisposable
    {
        private readonly CancellationTokenSource _source = new();
        private readonly CancellationTokenSource _hurry = new();
        private readonly List<PosixSignalRegistration> _registrations = [];
        private volatile bool _isHurryTaken;

        public Interruption()
        {
            foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            {
                _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
            }

            // Commands have process groups of their own, so a closed terminal reaches them through this process only.
            if (!IsHangUpIgnored())
            {
                _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal));
            }
        }

        public CancellationToken Token => _source.Token;

        /// <summary>Whoever takes the token ends soon when it is signalled.</summary>
        public CancellationToken TakeHurry()
        {
            _isHurryTaken = true;
            return _hurry.Token;
        }

        public int ExitCode { get; private set; } = Interrupted;

        public void Dispose()
        {
            _registrations.ForEach(r => r.Dispose());
            _source.Dispose();
            _hurry.Dispose();
        }

        // Under nohup it stays ignored. Where that cannot be known it is left as it is.
        private static bool IsHangUpIgnored()
        {
            const string mask = "SigIgn:";
            const ulong hangUp = 1;
            try
            {
                var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(mask, StringComparison.Ordinal));
                return line is null
                    || (ulong.Parse(line.AsSpan(mask.Length).Trim(), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture) & hangUp) != 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return true;
            }
        }

        private void OnSignal(PosixSignalContext context)
        {
            if (!_source.IsCancellationRequested)
            {
                context.Cancel = true;
                ExitCode = context.Signal == PosixSignal.SIGTERM ? 143 : Interrupted;
                _source.Cancel();
            }
            else if (_isHurryTaken && !_hurry.IsCancellationRequested)
            {
                context.Cancel = true;
                _hurry.Cancel();
            }
            else
            {
                RunningCommands.KillAll();
            }
        }
    }
}
