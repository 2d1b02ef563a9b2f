using WfRunner.Core.Config;

namespace WfRunner.Server.Http.Schemas;

/// <summary>A named kind of JSON object that the API takes or gives.</summary>
internal interface IModel
{
    /// <summary>Name in the API's description.</summary>
    string Name { get; }

    /// <summary>What it looks like.</summary>
    ConfigMap Schema { get; }
}
