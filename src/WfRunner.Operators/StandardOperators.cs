using WfRunner.Core.Operators;
using WfRunner.Operators.Cloud.Aws;
using WfRunner.Operators.Cloud.Aws.Emr;
using WfRunner.Operators.Cloud.Google;
using WfRunner.Operators.Cloud.Redshift;
using WfRunner.Operators.Control;
using WfRunner.Operators.Http;
using WfRunner.Operators.Mail;
using WfRunner.Operators.ParameterServer;
using WfRunner.Operators.Scripting;
using WfRunner.Operators.Sql;
using WfRunner.Operators.TreasureData;

namespace WfRunner.Operators;

/// <summary>The operators that come with the program. A new operator is one file and one line here.</summary>
public static class StandardOperators
{
    /// <summary>Makes the registry.</summary>
    /// <returns>All operators by name.</returns>
    public static OperatorRegistry CreateRegistry() => new(
    [
        new CallOperator(),
        new EchoOperator(),
        new FailOperator(),
        new ForEachOperator(),
        new ForRangeOperator(),
        new IfOperator(),
        new LoopOperator(),
        new NotifyOperator(),
        new RequireOperator(),
        new WaitOperator(),
        new HttpOperator(),
        new HttpCallOperator(),
        new MailOperator(),
        new ParamGetOperator(),
        new ParamSetOperator(),
        new PgOperator(),
        new EmbulkOperator(),
        new PyOperator(),
        new RbOperator(),
        new ShOperator(),
        new EmrOperator(),
        new S3WaitOperator(),
        new GcsWaitOperator(),
        new BqOperator(),
        new BqLoadOperator(),
        new BqExtractOperator(),
        new BqDdlOperator(),
        new RedshiftOperator(),
        new RedshiftLoadOperator(),
        new RedshiftUnloadOperator(),
        .. TreasureDataOperators.Create(new QueryBackendSelector(QueryBackends.All())),
    ]);
}
