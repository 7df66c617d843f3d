using System.CommandLine;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Commands;

/// <summary>
/// The options that only one engine has. Given with another <c>--model</c> they are refused by name instead of being ignored.
/// </summary>
internal interface IEngineOptions
{
    /// <summary>The engine, as <c>--model</c> names it.</summary>
    string Engine { get; }

    /// <summary>Whether the engine fits a formula, so that <c>--formula</c> must be given.</summary>
    bool NeedsFormula { get; }

    /// <summary>The options.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>Those of them that only choose which columns and curves a run keeps: nothing to a verb that writes no results.</summary>
    IReadOnlyList<Option> OfResults => [];

    /// <summary>The model with what the options say.</summary>
    /// <exception cref="HpcFit.Shared.Failures.UsageException">A value is not of its option's form.</exception>
    ModelSpec Apply(ModelSpec model, ParseResult line);
}
