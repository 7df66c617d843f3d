using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Pipeline;

/// <summary>One of several models cannot be used; the others may be.</summary>
/// <param name="number">Its number, from 1.</param>
/// <param name="count">The number of models.</param>
/// <param name="model">The model.</param>
/// <param name="reason">Why.</param>
internal sealed class ModelRefusedException(int number, int count, ModelSpec model, HpcFitException reason)
    : HpcFitException($"Model {number} of {count} ({model.Engine} {model.Formula}): {reason.Message}", reason)
{
    /// <inheritdoc/>
    public override ExitCode ExitCode => reason.ExitCode;
}
