using System.Globalization;
using System.Text;

namespace HpcFit.Coordinator.Demo;

/// <summary>
/// A made-up study whose truth is known: fibre density of <see cref="Fixels"/> fixels in <see cref="Subjects"/> young people, which grows
/// with age in one bundle, falls in another, and is noise elsewhere. Some fixels lack some subjects, as masks make them. The same at every call.
/// </summary>
internal sealed class DemoStudy
{
    /// <summary>Subjects.</summary>
    public const int Subjects = 200;

    /// <summary>Elements.</summary>
    public const int Fixels = 20_000;

    /// <summary>The scalar's name.</summary>
    public const string Scalar = "FDC";

    /// <summary>Fixels where the scalar grows with age, half-open.</summary>
    public static readonly (int First, int End, double SlopePerYear) Growing = (5_000, 5_120, 0.012);

    /// <summary>Fixels where it falls.</summary>
    public static readonly (int First, int End, double SlopePerYear) Falling = (13_400, 13_460, -0.015);

    private const double YoungestYears = 8;
    private const double OldestYears = 22;
    private const double MaskedShare = 0.03;

    private readonly Random _random = new(20_261_121);
    private readonly double[] _age = new double[Subjects];
    private readonly string[] _sex = new string[Subjects];
    private readonly double[] _motion = new double[Subjects];

    /// <summary>Draws the cohort.</summary>
    public DemoStudy()
    {
        for (var subject = 0; subject < Subjects; subject++)
        {
            _age[subject] = Math.Round(YoungestYears + ((OldestYears - YoungestYears) * _random.NextDouble()), 2);
            _sex[subject] = _random.Next(2) == 0 ? "F" : "M";
            _motion[subject] = Math.Round(0.1 + (0.2 * _random.NextDouble() * _random.NextDouble()), 4);
        }
    }

    /// <summary>The source file of each subject, in the file's order.</summary>
    public static IReadOnlyList<string> Sources { get; } = [.. Enumerable.Range(1, Subjects).Select(subject => $"fixels/sub-{subject:D3}_fdc.mif")];

    /// <summary>The cohort table as CSV.</summary>
    public string CohortCsv()
    {
        var table = new StringBuilder("subject_id,scalar_name,source_file,Age,sex,motion\n");
        for (var subject = 0; subject < Subjects; subject++)
            table.Append(CultureInfo.InvariantCulture, $"sub-{subject + 1:D3},{Scalar},{Sources[subject]},{_age[subject]},{_sex[subject]},{_motion[subject]}\n");
        return table.ToString();
    }

    /// <summary>The values, subjects × fixels, row-major. NaN where a mask left the subject out.</summary>
    public float[] Values()
    {
        var values = new float[Subjects * Fixels];
        for (var fixel = 0; fixel < Fixels; fixel++)
        {
            var mean = 0.4 + (0.2 * _random.NextDouble());
            var slope = SlopeAt(fixel);
            var masked = _random.NextDouble() < MaskedShare ? 0.3 * _random.NextDouble() : 0;
            for (var subject = 0; subject < Subjects; subject++)
            {
                var value = mean + (slope * (_age[subject] - 15)) - (0.1 * _motion[subject]) + (0.05 * Noise());
                values[(subject * Fixels) + fixel] = _random.NextDouble() < masked ? float.NaN : (float)value;
            }
        }
        return values;
    }

    /// <summary>The true slope of a fixel, per year.</summary>
    public static double SlopeAt(int fixel) =>
        fixel >= Growing.First && fixel < Growing.End ? Growing.SlopePerYear
        : fixel >= Falling.First && fixel < Falling.End ? Falling.SlopePerYear
        : 0;

    /// <summary>Nearly normal noise of variance one: a sum of twelve uniform numbers.</summary>
    private double Noise()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++) sum += _random.NextDouble();
        return sum;
    }
}
