using System.Runtime.CompilerServices;
using HpcFit.Worker.Algebra;
using HpcFit.Worker.Gam.Bases;
using HpcFit.Worker.Gam.Criteria;
using HpcFit.Worker.Gam.Fitting;

namespace HpcFit.Worker.Tests.Gam;

/// <summary>The oracle's cases fitted on arrays, against mgcv's results by the oracle's rule for estimated smoothing parameters.</summary>
public class OracleFitsTests
{
    private static readonly Dictionary<string, string[]> Table = File.ReadLines(Path.Combine(Here(), "golden", "clean-fdc.tsv"))
        .Where(line => line[0] != '#')
        .Select(line => line.Split('\t'))
        .ToDictionary(cells => cells[0], cells => cells[1..]);

    [Theory]
    [InlineData("gam_k10_reml_full", "REML", 1, 10, "sex")]
    [InlineData("gam_ml_full", "ML", 1, 6, "sex")]
    [InlineData("gam_gcv_full", "GCV.Cp", 1, 6, "motion")]
    [InlineData("gam_gacv", "GACV.Cp", 1, 6, "sex")]
    [InlineData("gam_gamma", "GCV.Cp", 1.4, 8, "sex")]
    [InlineData("gam_gamma_reml", "REML", 1.4, 8, "sex")]
    [InlineData("gam_preml", "P-REML", 1, 6, "sex")]
    [InlineData("gam_pml", "P-ML", 1, 6, "sex")]
    [InlineData("gam_two_smooths", "REML", 1, 5, "sex", "motion")]
    public void A_case_equals_the_reference(string id, string method, double gamma, int k, string parametric, string second = "")
    {
        var (head, tight) = Read(id, "tight.csv");
        var expected = Read(id, "expected.csv").Rows;
        var columns = Numbers(parametric);
        var x = new DenseMatrix(columns.Length, 2);
        for (var i = 0; i < x.Rows; i++)
            (x[i, 0], x[i, 1]) = (1, columns[i]);
        var smooths = new List<Smooth>(Smooths("Age", k));
        if (second.Length > 0)
            smooths.AddRange(Smooths(second, k));
        var design = new GamDesign(x, smooths, null, SmoothnessMethodNames.Parse(method), gamma);
        var fit = new ElementFit(design);
        var wrong = new List<string>();
        for (var row = 0; row < tight.Count; row++)
        {
            var element = tight[row][0].ToString();
            if (!fit.FitResponse(Numbers(element)))
            {
                wrong.Add($"{element}: no convergence");
                continue;
            }
            foreach (var (name, value) in Statistics(design, fit))
            {
                var column = Array.IndexOf(head, name);
                if (column < 0)
                    continue;
                double t = tight[row][column],
                    e = expected[row][column];
                // mgcv's p-values of smooths are accurate to about 1e-6 absolute.
                var slack = name.EndsWith(".p.value", StringComparison.Ordinal) ? 3e-6 : 2e-9;
                var allowed = Math.Max(slack, Math.Max(1e-5 * Math.Abs(t), 2 * Math.Abs(e - t)));
                if (!(Math.Abs(value - t) <= allowed || Math.Abs(value - e) <= allowed))
                    wrong.Add($"{element} {name}: {value:R} for {t:R}");
            }
        }
        wrong.ShouldBeEmpty();
    }

    private static IEnumerable<(string Name, double Value)> Statistics(GamDesign design, ElementFit fit)
    {
        for (var i = 0; i < design.Smooths.Count; i++)
        {
            var place = design.Smooths[i];
            var name = "s_" + place.Smooth.Variables[0];
            yield return (name + ".edf", fit.TermEdf(i));
            yield return (name + ".ref.df", fit.Test(i).ReferenceDegrees);
            yield return (name + ".p.value", fit.PValue(i));
            yield return (name + ".statistic", fit.Test(i).Statistic);
        }
        yield return ("Intercept.estimate", fit.Coefficients[0]);
        yield return ("Intercept.std.error", Math.Sqrt(fit.Variance(0)));
        yield return ("model.sp.criterion", fit.Criterion);
        yield return ("model.scale", fit.Scale);
        yield return ("model.df", fit.Degrees);
        yield return ("model.logLik", fit.LogLikelihood);
        yield return ("model.AIC", fit.Aic());
        yield return ("model.BIC", fit.Bic());
        yield return ("model.deviance", fit.Deviance);
        yield return ("model.df.residual", fit.ResidualDegrees);
        yield return ("model.nobs", design.Rows);
    }

    private static IReadOnlyList<Smooth> Smooths(string covariate, int k) =>
        SmoothBuilder.Build(
            new SmoothRequest
            {
                Function = "s",
                Covariates = [new(covariate, Numbers(covariate))],
                Margins = [new("tp", [0], k, null, false, false)],
            }
        );

    private static double[] Numbers(string row) => [.. Table[row].Select(double.Parse)];

    private static (string[] Head, List<double[]> Rows) Read(string id, string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Here(), "..", "..", "Data", "oracle", "gam", id, file));
        return (lines[0].Split(','), [.. lines.Skip(1).Select(line => line.Split(',').Select(double.Parse).ToArray())]);
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
