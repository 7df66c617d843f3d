namespace HpcFit.Worker.Summaries;

/// <summary>The tables of a mixed model's predictions that were requested.</summary>
/// <param name="RandomEffects">Whether random effects were.</param>
/// <param name="Predictions">Whether predictions of rows were.</param>
/// <param name="AsJson">Whether the format is JSON, which has room for both.</param>
internal readonly record struct RequestedTables(bool RandomEffects, bool Predictions, bool AsJson)
{
    /// <summary>Whether there are any.</summary>
    public bool Any => RandomEffects || Predictions;
}
