using HpcFit.Shared.Elements;
using HpcFit.Shared.Specs;
using HpcFit.Worker.Distributions;
using HpcFit.Worker.Mixed.Results;
using HpcFit.Worker.Models;
using HpcFit.Worker.Rows;

namespace HpcFit.Worker.Mixed.Reference;

/// <summary>Fits the elements that have a fit from their definitions.</summary>
internal sealed class ReferenceMixedFitter(ReferenceMixedEngine model) : IBlockFitter
{
    private readonly IBlockFitter _engine = model.Engine.CreateFitter();
    private readonly ElementRows<ReferenceTables> _rows = new(
        model.Design,
        model.Subjects,
        0,
        model.RebuildsOnRows,
        sizeof(double) * (long)model.Subjects * model.Subjects,
        () => new(model.Design, model.Subjects, model.Terms, model.Hypotheses)
    );

    /// <inheritdoc/>
    public void Fit(in ScalarBlock block, in ResultBlock results)
    {
        _engine.Fit(block, results);
        for (var e = 0; e < block.Count; e++)
        {
            if (results.Status[e] is not (ElementStatus.Fitted or ElementStatus.RankDeficient))
                continue;
            if (_rows.Load(block, e) is { } problem)
                throw new InvalidOperationException($"An element with a fit has the status {problem} in the reference.");
            var profile = new ReferenceProfile(_rows.Tables, model.Terms, !model.Options.Ml, _rows.Response);
            var theta = ReferenceSearch.Minimise(profile);
            var statistics = new ReferenceStatistics(_rows.Tables, model.Terms, profile, theta, model.Options);
            var ratio = Math.Max(0, profile.Evaluate(new double[theta.Length]) - statistics.Criterion);
            for (var c = 0; c < model.Columns.Count; c++)
                if (Value(statistics, model.Columns[c], ratio) is { } value)
                    results[c, e] = value;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    /// <summary>A statistic; null: simulated p-values are the engine's.</summary>
    private double? Value(ReferenceStatistics statistics, MixedColumn column, double ratio)
    {
        var combinations = _rows.Tables.Combinations;
        switch (column.Subject)
        {
            case MixedSubject.Coefficient:
                return statistics.Effect(combinations.Of(column.Index), column);
            case MixedSubject.Test:
                return statistics.Test(combinations.OfTest(column.Index), combinations.Degrees(column.Index), column);
            case MixedSubject.Model:
                return statistics.Model(column.Statistic);
            default:
                return column.Statistic switch
                {
                    MixedColumns.ResidualDeviation => statistics.Residual,
                    MixedColumns.GroupCount => statistics.Groups(model.TermOfFactor[column.Index]),
                    MixedColumns.LikelihoodRatio => ratio,
                    MixedColumns.LikelihoodRatioP when model.Options.TestRandom == MixedSpec.Exact => null,
                    MixedColumns.LikelihoodRatioP => Tail(ratio, column.NegativeLog10),
                    _ => model.Random[column.Index] is var one ? statistics.Random(one.Term, one.First, one.Second) : null,
                };
        }
    }

    /// <summary>Half the tail of chi-square with one degree of freedom.</summary>
    private static double Tail(double ratio, bool negativeLog10)
    {
        var p = ratio > 0 ? StudentT.TwoSidedP(Math.Sqrt(ratio), double.PositiveInfinity) / 2 : 1;
        return negativeLog10 ? -ReproducibleMath.Log10(p) : p;
    }
}
