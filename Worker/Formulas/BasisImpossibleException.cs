namespace HpcFit.Worker.Formulas;

/// <summary>
/// A data-dependent term cannot be built from the given rows (fewer distinct values than its degree needs). For the whole cohort this is a
/// user error; at one element it becomes the element's status.
/// </summary>
internal sealed class BasisImpossibleException(string problem) : Exception(problem);
