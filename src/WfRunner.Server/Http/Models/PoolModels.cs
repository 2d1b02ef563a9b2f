using WfRunner.Core.Config;
using WfRunner.Server.Http.Schemas;
using WfRunner.Storage.Pools;

namespace WfRunner.Server.Http.Models;

/// <summary>Pools and their rules, as the hosted service's API shows them: hosted-dialect 12.</summary>
internal static class PoolModels
{
    public static readonly Model<PoolCondition> Condition = new Model<PoolCondition>("PoolCondition", "A condition of a pool rule")
        .Field("type", Schema.OneOf(PoolConditionText.Types), c => PoolConditionText.WordOf(c.Type))
        .OptionalText("operator", Schema.OneOf("starts_with"), c => PoolConditionText.OperatorOf(c.Type))
        .Field("values", Schema.ListOf(Schema.Text), c => new ConfigList(c.Values.Select(v => new ConfigText(v))));

    public static readonly Model<StoredPool> Pool = new Model<StoredPool>("Pool", "A share of the attempts that may run at once")
        .Id("id", p => p.Id)
        .Text("name", p => p.Name)
        .Count("concurrencyLimit", p => p.Limit)
        .Flag("default", p => p.IsDefault);

    public static readonly Model<StoredPoolRule> Rule = new Model<StoredPoolRule>("PoolRule", "A rule that sends attempts to a pool")
        .Id("id", r => r.Id)
        .Id("poolId", r => r.Pool)
        .Count("priority", r => r.Priority)
        .ListOf("conditions", Condition, r => r.Conditions);

    public static readonly Model<IEnumerable<StoredPool>> Pools =
        new Model<IEnumerable<StoredPool>>("PoolCollection", "All pools").ListOf("pools", Pool, pools => pools);

    public static readonly Model<IEnumerable<StoredPoolRule>> Rules =
        new Model<IEnumerable<StoredPoolRule>>("PoolRuleCollection", "All pool rules").ListOf("poolRules", Rule, rules => rules);

    public static readonly BodyField Name = new("name", Schema.Text);
    public static readonly BodyField Limit = new("concurrencyLimit", Schema.Count);
    public static readonly BodyField PoolId = new("poolId", Schema.IdOrNumber);
    public static readonly BodyField Priority = new("priority", Schema.Count);
    public static readonly BodyField Conditions = new("conditions", Schema.ListOf(Schema.Reference(Condition)));

    public static readonly BodyModel NewPool = new("NewPool", "A pool to make", Name, Limit);
    public static readonly BodyModel NewRule = new("NewPoolRule", "A pool rule to make", PoolId, Priority, Conditions);

    public static readonly BodyField ChangedName = Name.Optional;
    public static readonly BodyField ChangedLimit = Limit.Optional;
    public static readonly BodyField ChangedPoolId = PoolId.Optional;
    public static readonly BodyField ChangedPriority = Priority.Optional;
    public static readonly BodyField ChangedConditions = Conditions.Optional;

    public static readonly BodyModel PoolChange = new("PoolChange", "What is to be different about a pool", ChangedName, ChangedLimit);

    public static readonly BodyModel RuleChange =
        new("PoolRuleChange", "What is to be different about a pool rule", ChangedPoolId, ChangedPriority, ChangedConditions);

    public static readonly IReadOnlyList<IModel> All = [Condition, Pool, Rule, Pools, Rules, NewPool, NewRule, PoolChange, RuleChange];
}
