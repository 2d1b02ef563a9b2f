using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Scripting;

/// <summary>Environment variables of a task's process. Digdag behaviour: operators-core 7.4 and 4.3.</summary>
internal static class CommandEnvironment
{
    /// <summary>Every parameter whose name can be a variable's, then the entries of <c>_env</c> with their secrets.</summary>
    public static Dictionary<string, string> Of(OperatorRequest request, IOperatorContext context)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value, _) in request.Config)
        {
            if (IsName(name) && name != "_env" && !value.IsNull)
            {
                variables[name] = value is ConfigText text ? text.Value : ConfigJson.Write(value);
            }
        }

        AddOwn(variables, request, context);
        return variables;
    }

    /// <summary>The entries of <c>_env</c> alone, with their secrets.</summary>
    public static Dictionary<string, string> Own(OperatorRequest request, IOperatorContext context)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        AddOwn(variables, request, context);
        return variables;
    }

    private static void AddOwn(Dictionary<string, string> variables, OperatorRequest request, IOperatorContext context)
    {
        var own = request.LocalConfig.GetMapOrEmpty("_env");
        foreach (var name in own.Keys)
        {
            if (!IsName(name))
            {
                throw new ConfigException(string.Create(CultureInfo.InvariantCulture, $"Invalid _env key name: {name}"), own.KeySpan(name));
            }

            variables[name] = SecretTemplate.Replace(own.GetString(name), context.Secrets);
        }
    }

    private static bool IsName(string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
