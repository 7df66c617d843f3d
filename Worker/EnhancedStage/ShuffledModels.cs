using HpcFit.Shared.Failures;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.EnhancedStage;

/// <summary>The shuffles of an engine.</summary>
internal static class ShuffledModels
{
    /// <summary>The shuffles of an engine that a stage needs.</summary>
    /// <exception cref="BadInputException">Its model has none.</exception>
    public static IShuffledModel Require(IModelEngine engine) =>
        engine.Shuffled ?? throw new BadInputException("The run has a stage over shuffles, and its model has no permutations.");
}
