using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>A smooth that cannot be built on the rows at hand: fewer unique covariate values than its basis needs.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
internal sealed class SmoothBasisException(string message, Exception? inner = null) : BadInputException(message, inner);
