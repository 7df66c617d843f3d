using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>A smooth cannot be built from the given rows: fewer unique covariate values than its basis needs.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
internal sealed class SmoothBasisException(string message, Exception? inner = null) : BadInputException(message, inner);
