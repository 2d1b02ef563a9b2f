using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Attempts;
using WfRunner.Server.Events;
using WfRunner.Server.Schedules;
using WfRunner.Storage.Signals;

namespace WfRunner.Server;

/// <summary>Passes on what other nodes did to the parts of this one that want to know.</summary>
internal sealed class SignalDispatch(AttemptHost host, ScheduleLoop schedules, EventRelay relay, LogOutput log)
{
    private bool _isLost;

    /// <summary>Passes one signal on.</summary>
    public void Receive(StoreSignal signal)
    {
        switch (signal)
        {
            case StoreSignal.AttemptsFree:
                host.Wake();
                break;
            case StoreSignal.CancelRequested cancel:
                host.RequestCancel(cancel.Attempt);
                break;
            case StoreSignal.SchedulesChanged:
                schedules.Wake();
                break;
            case StoreSignal.Message message:
                relay.Receive(message.Text);
                break;
            case StoreSignal.Lost lost:
                _isLost = true;
                log.WriteMain(TaskLogLevel.Error, lost.Reason + "\nThis server goes on as soon as it is back.");
                break;
            case StoreSignal.Restored:
                if (_isLost)
                {
                    _isLost = false;
                    log.WriteMain(TaskLogLevel.Info, "The database is back");
                }

                host.LookAround();
                schedules.Wake();
                break;
            default:
                throw new InvalidOperationException($"unknown signal {signal}");
        }
    }
}
