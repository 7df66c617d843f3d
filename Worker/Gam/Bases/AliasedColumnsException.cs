using HpcFit.Shared.Failures;

namespace HpcFit.Worker.Gam.Bases;

/// <summary>The model's columns are linearly dependent on the given rows, and no penalty identifies their coefficients.</summary>
/// <inheritdoc cref="HpcFitException(string, Exception?)"/>
internal sealed class AliasedColumnsException(string message, Exception? inner = null) : BadInputException(message, inner);
