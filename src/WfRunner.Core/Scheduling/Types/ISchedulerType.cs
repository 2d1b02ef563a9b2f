namespace WfRunner.Core.Scheduling.Types;

/// <summary>A kind of schedule: the word in front of the <c>&gt;</c> and how its value is read. Digdag behaviour: schedules 3.</summary>
internal interface ISchedulerType
{
    /// <summary>The word, such as <c>daily</c>.</summary>
    string Name { get; }

    /// <summary>Reads the section.</summary>
    /// <exception cref="WorkflowException">A value is wrong.</exception>
    IScheduler Create(ScheduleSection section);
}
