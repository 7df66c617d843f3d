using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;
using HpcFit.Worker.Tests.Pipeline;

namespace HpcFit.Worker.Tests.Gam.Engine;

/// <summary>
/// ModelArray's gam cases through the engine, by the oracle's rule: a cell passes if near the default or the converged result of mgcv.
/// Corrected p-values are computed by the merge.
/// </summary>
public sealed class OracleCasesTests
{
    public static TheoryData<string> Cases => [.. OracleCase.Ids("gam")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_equals_mgcv(string id)
    {
        var oracle = OracleCase.Read("gam", id);
        var engine = oracle.Engine(KernelChoice.Auto);
        engine.Layout.Columns.Select(column => column.Name).ShouldBe(oracle.Head);
        Differences(oracle, engine, slackOfSmoothP: 1e-5).ShouldBeEmpty();
    }

    // At an element of gam_te_bs the rank ends among eigenvalues that are equal up to rounding: which function is tested depends on LAPACK.
    [Theory]
    [MemberData(nameof(Cases))]
    public void By_Davies_method_smooth_p_values_are_mgcvs_too(string id)
    {
        var oracle = OracleCase.Read("gam", id);
        var engine = oracle.Engine(KernelChoice.Auto, model => model with { Gam = model.Gam! with { SmoothPValues = "davies" } });
        var differences = Differences(oracle, engine, slackOfSmoothP: 2e-9);
        if (id == "gam_te_bs")
            differences.Select(text => text.Split(':')[0]).ShouldBe(["element 100, te_Age_motion.p.value"]);
        else
            differences.ShouldBeEmpty();
    }

    private static List<string> Differences(OracleCase oracle, IModelEngine engine, double slackOfSmoothP)
    {
        var run = EngineRun.Over(engine, oracle.Path, oracle.Rows.Select(row => (long)row[0]).ToHashSet(), 2);
        var found = new List<string>();
        for (var r = 0; r < oracle.Rows.Length; r++)
        {
            var element = (long)oracle.Rows[r][0];
            for (var c = 1; c < oracle.Head.Length; c++)
            {
                var name = oracle.Head[c];
                if (!engine.Layout.PartialColumns.Contains(name))
                    continue;
                var (expected, tight, got) = (oracle.Rows[r][c], oracle.Tight[r][c], run[name][element]);
                if (!IsClose(expected, tight, got, Slack(name, oracle.Head, oracle.Rows[r], slackOfSmoothP)))
                    found.Add($"element {element}, {name}: {got:R} where mgcv has {expected:R}, converged {tight:R}");
            }
        }
        return found;
    }

    /// <summary>
    /// Smooth p-values are Davies' in mgcv, to 2e-5; a term shrunk to zero leaves noise; ratios of tiny R² are noise below 1e-5.
    /// </summary>
    private static double Slack(string name, string[] head, double[] row, double slackOfSmoothP)
    {
        var smooth =
            name.StartsWith("s_", StringComparison.Ordinal)
            || name.StartsWith("te_", StringComparison.Ordinal)
            || name.StartsWith("ti_", StringComparison.Ordinal);
        var edf = Array.IndexOf(head, name.Split('.')[0] + ".edf");
        if (smooth && edf >= 0 && row[edf] < 1e-2)
        {
            return name.EndsWith(".p.value", StringComparison.Ordinal) ? 0.05
                : name.EndsWith(".statistic", StringComparison.Ordinal) ? 1e-3
                : 2e-3;
        }
        if (name.EndsWith(".rsq", StringComparison.Ordinal) || name == "model.dev.expl")
            return 1e-5;
        return smooth && name.EndsWith(".p.value", StringComparison.Ordinal) ? slackOfSmoothP : 2e-9;
    }

    private static bool IsClose(double expected, double tight, double got, double slack)
    {
        if (!double.IsFinite(expected) || !double.IsFinite(got))
            return expected.Equals(got);
        var allowed = Math.Max(Math.Max(1e-5 * Math.Abs(tight), 2 * Math.Abs(expected - tight)), slack);
        return Math.Abs(got - tight) <= allowed || Math.Abs(got - expected) <= allowed;
    }
}
