using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Worker.Formulas;
using HpcFit.Worker.Hypotheses;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Mixed.Structured;
using HpcFit.Worker.Models;

namespace HpcFit.Worker.Mixed.Reference;

/// <summary>
/// A mixed model whose numbers are computed from their definitions, with matrices of all rows, to check the engines. Which elements have a
/// fit is the engine's decision.
/// </summary>
internal sealed class ReferenceMixedEngine : IModelEngine
{
    private ReferenceMixedEngine(IModelEngine engine) => Engine = engine;

    /// <summary>The engine that is checked.</summary>
    public IModelEngine Engine { get; }

    /// <inheritdoc/>
    public ResultLayout Layout => Engine.Layout;

    /// <inheritdoc/>
    public IReadOnlyList<string> Scalars => Engine.Scalars;

    /// <inheritdoc/>
    public IReadOnlyList<string> CohortColumns => Engine.CohortColumns;

    /// <inheritdoc/>
    public int NumericVersion => Engine.NumericVersion;

    /// <inheritdoc/>
    public IReadOnlyList<int>? CompleteRows => Engine.CompleteRows;

    /// <inheritdoc/>
    public ModelFrame Frame => Engine.Frame;

    /// <inheritdoc/>
    public ModelMatrix? Matrix => Engine.Matrix;

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => Engine.Warnings;

    /// <summary>The model of the fixed effects.</summary>
    public required ModelDesign Design { get; init; }

    /// <summary>The random terms.</summary>
    public required IReadOnlyList<ReferenceTerm> Terms { get; init; }

    /// <summary>The term and effects of each statistic of random effects.</summary>
    public required IReadOnlyList<RandomColumn> Random { get; init; }

    /// <summary>A term of each grouping factor.</summary>
    public required IReadOnlyList<int> TermOfFactor { get; init; }

    /// <summary>Contrasts, then F tests.</summary>
    public required IReadOnlyList<Hypothesis> Hypotheses { get; init; }

    /// <summary>What workers compute.</summary>
    public required IReadOnlyList<MixedColumn> Columns { get; init; }

    /// <summary>The arguments of the model.</summary>
    public required MixedSpec Options { get; init; }

    /// <summary>The number of subjects in the cohort.</summary>
    public required int Subjects { get; init; }

    /// <summary>Whether effects depend on the set of rows.</summary>
    public required bool RebuildsOnRows { get; init; }

    /// <summary>The reference of a model with a random intercept.</summary>
    public static ReferenceMixedEngine From(MixedEngine engine) =>
        new(engine)
        {
            Design = engine.Design,
            Terms =
            [
                new(
                    1,
                    engine.Groups.Codes,
                    (_, subjects, target) => target[..subjects.Length].Fill(1),
                    (factor, target) => factor.CopyTo(target)
                ),
            ],
            Random = [new(0, 0, 0)],
            TermOfFactor = [0],
            Hypotheses = engine.Hypotheses,
            Columns = engine.Columns.Partial,
            Options = engine.Options,
            Subjects = engine.Subjects,
            RebuildsOnRows = engine.Design.RebuildsOnRows,
        };

    /// <summary>The reference of a model with several random terms or slopes.</summary>
    public static ReferenceMixedEngine From(StructuredEngine engine) =>
        new(engine)
        {
            Design = engine.Design,
            Terms =
            [
                .. engine.Structure.Terms.Select(term => new ReferenceTerm(
                    term.Effects,
                    engine.Structure.Factors[term.Factor].Codes,
                    (finite, subjects, target) => term.Covariates.Fill(engine.Design, finite, subjects, target, term.Effects),
                    term.Covariates.Restore
                )),
            ],
            Random = engine.Random.Columns,
            TermOfFactor =
            [
                .. engine.Structure.Factors.Select(
                    (_, factor) => engine.Structure.Terms.Index().First(one => one.Item.Factor == factor).Index
                ),
            ],
            Hypotheses = engine.Hypotheses,
            Columns = engine.Columns.Partial,
            Options = engine.Options,
            Subjects = engine.Subjects,
            RebuildsOnRows = engine.RebuildsOnRows,
        };

    /// <inheritdoc/>
    public IBlockFitter CreateFitter() => new ReferenceMixedFitter(this);
}
