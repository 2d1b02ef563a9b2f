using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;
using WfRunner.Core.Hosted;

namespace WfRunner.Core.Checking.Rules;

/// <summary>Looks at the containers of <c>py&gt;</c>: the hosted service runs every script in one, from images of its own.</summary>
/// <param name="calls">Who calls whom.</param>
internal sealed class ContainerRule(CallGraph calls) : IFileRule
{
    private readonly InheritedValues _values = new(calls);

    public void Check(CheckSession session, CheckedFile file)
    {
        foreach (var task in file.ActiveTasks.Where(t => t.Operator == "py"))
        {
            CheckImage(session, task, _values.Find(session, file, task, "docker", "image"));
            foreach (var key in HostedService.Known.DockerKeys)
            {
                if (_values.Find(session, file, task, "docker", key) is not (null or ConfigText { Value: ['$', '{', ..] }) and var value)
                {
                    session.Report(TargetRules.HostedSetting, value.Span ?? task.OperatorSpan, $"docker: {key}: is read by the hosted service only");
                }
            }

            foreach (var key in HostedService.Known.PythonKeys.Where(task.Config.Has))
            {
                session.Report(TargetRules.HostedSetting, task.Config.KeySpan(key), $"{key} is read by the hosted service only");
            }
        }
    }

    private static void CheckImage(CheckSession session, TaskNode task, ConfigValue? image)
    {
        var service = HostedService.Known;
        if (image is null)
        {
            session.Report(
                TargetRules.ImageMissing,
                task.OperatorSpan,
                "py> has no docker: image:",
                $"Set docker: image: {service.NewestImage} on the task, or once in _export.");
        }
        else if (image is ConfigText { Value: var name } && !CheckSession.IsTemplate(name) && !service.PublishedImages.Contains(name))
        {
            var isDeprecated = service.IsDeprecatedImage(name);
            session.Report(
                isDeprecated ? TargetRules.ImageDeprecated : TargetRules.ImageUnpublished,
                image.Span ?? task.OperatorSpan,
                isDeprecated ? $"the image {name} is deprecated" : $"the image {name} is not among the published ones",
                $"Use {service.NewestImage}.");
        }
    }
}
