using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs.Layouts;

namespace HpcFit.Worker.Models;

/// <summary>
/// An engine that calls a function of the user, which may print and may fail at an element. The result columns are known only once it has
/// returned values for some element.
/// </summary>
internal interface IRunsUserCode : IModelEngine
{
    /// <summary>The function's output and failures, from all threads.</summary>
    UserCodeJournal Journal { get; }

    /// <summary>Hexadecimal SHA-256 of the function's file.</summary>
    string FunctionDigest { get; }

    /// <summary>The interpreter of the function, with the version that it reports; part of the run's digest.</summary>
    string FunctionRuntime { get; }

    /// <summary>
    /// Cancels the calls of the function that have not returned after <paramref name="grace"/>: their elements are
    /// <see cref="ElementStatus.NotInRun"/>.
    /// </summary>
    void CancelAfter(TimeSpan grace);

    /// <summary>The engine with the columns of the first element for which the function returns values.</summary>
    /// <param name="elements">Blocks of one element, in the order in which they are tried; enumerated only as far as needed.</param>
    /// <exception cref="BadInputException">The function fails at every element that was tried; the message
    /// quotes its errors.</exception>
    IModelEngine Learn(IEnumerable<ScalarBlock> elements);

    /// <summary>The engine with columns that <see cref="Learn"/> found earlier.</summary>
    IModelEngine With(ResultLayout layout);
}
