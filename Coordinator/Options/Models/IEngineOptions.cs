using System.CommandLine;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Options.Models;

/// <summary>
/// The options of one engine only. With another <c>--model</c>, they are refused by name instead of being ignored.
/// </summary>
internal interface IEngineOptions
{
    /// <summary>The engine, as <c>--model</c> names it.</summary>
    string Engine { get; }

    /// <summary>Whether the engine fits a formula, so that <c>--formula</c> must be given.</summary>
    bool NeedsFormula { get; }

    /// <summary>The options.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>Those options that only select result columns and curves, and do not apply to a verb that writes no results.</summary>
    IReadOnlyList<Option> OfResults => [];

    /// <summary>The definitions of columns that the options add to the cohort, after those of the user.</summary>
    /// <exception cref="UsageException">They do not suit the formula.</exception>
    IEnumerable<string> DerivedColumns(ModelSpec model, ParseResult line) => [];

    /// <summary>The model with the values of the options.</summary>
    /// <exception cref="UsageException">A value is malformed.</exception>
    ModelSpec Apply(ModelSpec model, ParseResult line);
}
