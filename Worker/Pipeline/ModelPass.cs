using HpcFit.Shared.Stripes;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Pipeline;

/// <summary>Models that are fitted in one pass: each stripe of each scalar is read and inflated once for all of them.</summary>
internal sealed class ModelPass
{
    /// <summary>A pass of models whose scalars have the same stripes.</summary>
    /// <param name="models">The models, at least one.</param>
    /// <exception cref="ArgumentException">Their stripes differ.</exception>
    public ModelPass(IReadOnlyList<RunModel> models)
    {
        if (models.Any(model => model.Stripes != models[0].Stripes))
            throw new ArgumentException("Models of one pass have the same stripes.", nameof(models));
        Models = models;
    }

    /// <summary>The models.</summary>
    public IReadOnlyList<RunModel> Models { get; }

    /// <summary>The stripes in which all scalars are read.</summary>
    public StripePlan Stripes => Models[0].Stripes;

    /// <summary>The engines that run user code.</summary>
    public IEnumerable<IRunsUserCode> UserCode => Models.Select(model => model.Engine).OfType<IRunsUserCode>();

    /// <summary>The passes that models need: one for each kind of stripes, in the models' order.</summary>
    public static IReadOnlyList<ModelPass> Group(IEnumerable<RunModel> models) =>
        [.. models.GroupBy(model => model.Stripes).Select(group => new ModelPass([.. group]))];
}
