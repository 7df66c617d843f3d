using HpcFit.Shared.Specs;

namespace HpcFit.Worker.Models;

/// <summary>
/// An engine that calls a function of the user's: it may fail at an element, print, and only an element's answer tells the columns.
/// </summary>
internal interface IRunsUserCode : IModelEngine
{
    /// <summary>What the function printed and where it failed, from all threads.</summary>
    UserCodeJournal Journal { get; }

    /// <summary>Hexadecimal SHA-256 of the function's file.</summary>
    string FunctionDigest { get; }

    /// <summary>What runs the function, as it says itself; goes into the run's digest.</summary>
    string FunctionRuntime { get; }

    /// <summary>
    /// Gives up, some time from now, on what the function has not answered by then: those elements are left as not in the run.
    /// </summary>
    void GiveUpAfter(TimeSpan grace);

    /// <summary>The engine with the columns of the first element at which the function answers.</summary>
    /// <param name="elements">One element a block, in the order in which they are tried; read as they are asked for.</param>
    /// <exception cref="HpcFit.Shared.Failures.BadInputException">The function fails at every element that was tried; its messages are
    /// told.</exception>
    IModelEngine Learn(IEnumerable<ScalarBlock> elements);

    /// <summary>The engine with columns that were learned before.</summary>
    IModelEngine With(ResultLayout layout);
}
