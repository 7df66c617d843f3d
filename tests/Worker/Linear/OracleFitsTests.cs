using HpcFit.Worker.Formulas.Syntax;
using HpcFit.Worker.Kernels;
using HpcFit.Worker.Models;
using HpcFit.Worker.Tests.Pipeline;

namespace HpcFit.Worker.Tests.Linear;

/// <summary>ModelArray's lm cases against R's results, within the oracle's tolerances. Corrected p-values are computed by the
/// merge.</summary>
public sealed class OracleFitsTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var id in OracleCase.Ids("lm"))
            foreach (var kernel in new[] { KernelChoice.Auto, KernelChoice.Reference })
                cases.Add(id, kernel.ToString());
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_equals_R(string id, string kernel)
    {
        var oracle = OracleCase.Read("lm", id);
        if (oracle.IsRefused)
        {
            Should.Throw<FormulaException>(() => oracle.Engine(Enum.Parse<KernelChoice>(kernel))).Message.ShouldContain("poly");
            return;
        }
        var engine = oracle.Engine(Enum.Parse<KernelChoice>(kernel));
        engine.Layout.Columns.Select(column => column.Name).ShouldBe(oracle.Head);
        Differences(oracle, engine, kernel == nameof(KernelChoice.Reference) ? 1e-14 : 0).ShouldBeEmpty();
    }

    /// <summary>
    /// The differences; <paramref name="noise"/> is the tolerance of estimates of an exact fit: the reference sums in another order than
    /// LINPACK.
    /// </summary>
    private static List<string> Differences(OracleCase oracle, IModelEngine engine, double noise)
    {
        var run = EngineRun.Over(engine, oracle.Path, 37, 64);
        var found = new List<string>();
        foreach (var row in oracle.Rows)
        {
            var element = (long)row[0];
            for (var c = 1; c < row.Length; c++)
            {
                var name = oracle.Head[c];
                if (!engine.Layout.PartialColumns.Contains(name))
                    continue;
                var isNoise = oracle.Degenerate.Contains(element);
                if (isNoise && !name.EndsWith(".estimate", StringComparison.Ordinal))
                    continue;
                var error = Array.IndexOf(oracle.Head, name.Replace(".estimate", ".std.error", StringComparison.Ordinal));
                var slack = isNoise ? noise : Slack(name, error >= 0 ? row[error] : 1);
                var got = run[name][element];
                if (!IsClose(row[c], got, slack))
                    found.Add($"element {element}, {name}: {got:R} where R has {row[c]:R}");
            }
        }
        return found;
    }

    private static double Slack(string name, double standardError) =>
        name.EndsWith(".estimate", StringComparison.Ordinal) ? 1e-11 * (double.IsNaN(standardError) ? 1 : standardError)
        : name.StartsWith("model.", StringComparison.Ordinal) ? 1e-10
        : name.EndsWith(".statistic", StringComparison.Ordinal) ? 1e-11
        : 1e-12;

    private static bool IsClose(double expected, double got, double slack) =>
        double.IsFinite(expected) && double.IsFinite(got)
            ? (Math.Abs(expected) < 1e-290 && Math.Abs(got) < 1e-290) || Math.Abs(got - expected) <= (1e-9 * Math.Abs(expected)) + slack
            : expected.Equals(got);
}
