using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Mixed.FixedEffects;

/// <summary>What the observed rows of an element determine before its response is known.</summary>
internal interface IMixedTables : IRowTables, IBasisRows
{
    /// <summary>Whether the rows do not determine the variances of random effects.</summary>
    bool LacksGroups { get; }
}
