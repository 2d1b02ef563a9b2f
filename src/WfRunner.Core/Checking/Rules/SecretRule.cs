using System.Text.RegularExpressions;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Finds secrets where nobody resolves them, and those that are not set. Digdag behaviour: dig-language 11.</summary>
internal sealed partial class SecretRule : IFileRule
{
    public void Check(CheckSession session, CheckedFile file)
    {
        foreach (var task in file.ActiveTasks.Where(t => t.Operator is not null))
        {
            foreach (var entry in task.OwnKeys)
            {
                foreach (var text in TaskTexts.In(entry.Value))
                {
                    CheckText(session, task, entry.Key, text);
                }
            }

            if (task.Config["_env"] is ConfigMap environment)
            {
                foreach (var entry in environment.Where(e => !EnvironmentName().IsMatch(e.Key)))
                {
                    session.Report(DiagnosticRules.EnvironmentName, entry.KeySpan, $"'{entry.Key}' is no name for an environment variable");
                }
            }
        }
    }

    private static void CheckText(CheckSession session, TaskNode task, string key, ConfigText text)
    {
        foreach (Match match in Parametrization().Matches(text.Value))
        {
            var word = match.Groups[1].Value;
            var name = match.Groups[2].Value.Trim();
            var span = TemplatePlace.OfWords(session, text, match.Value);
            if (!IsResolved(session, task, key))
            {
                if (word == "secret")
                {
                    session.Report(TargetRules.SecretNotResolved, span, $"the secret '{name}' is not resolved here: the text stays as it is");
                }
            }
            else if (word != "secret")
            {
                session.Report(DiagnosticRules.InvalidSecretForm, span, $"{match.Value} is read as a secret and will fail");
            }
            else if (session.Request.HasLocalSecret?.Invoke(name) == false)
            {
                session.Report(
                    DiagnosticRules.UndeclaredSecret, span, $"the secret '{name}' is not set on this machine", $"Set it with: wf secrets --local --set {name}");
            }
        }
    }

    private static bool IsResolved(CheckSession session, TaskNode task, string key)
    {
        if (key == "_env" || !session.Operators.TryGetValue(task.Operator!, out var description))
        {
            return true;
        }

        return key == task.OperatorEntry?.Key || key == "_command"
            ? description.Command.ResolvesSecrets
            : description.Parameters.Any(p => p.Name == key && p.ResolvesSecrets);
    }

    [GeneratedRegex(@"\$\{([a-z]+):(.*?)\}", RegexOptions.Singleline)]
    private static partial Regex Parametrization();

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z_0-9]*$")]
    private static partial Regex EnvironmentName();
}
