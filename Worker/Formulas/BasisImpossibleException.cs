namespace HpcFit.Worker.Formulas;

/// <summary>
/// A data-dependent term cannot be built on the rows at hand (fewer distinct values than its degree needs). On the whole cohort it is the
/// user's mistake; at one element it becomes that element's status.
/// </summary>
internal sealed class BasisImpossibleException(string problem) : Exception(problem);
