namespace HpcFit.Coordinator.Demo;

/// <summary>Consecutive fixels in which the simulated study has an age effect.</summary>
/// <param name="First">The first element id.</param>
/// <param name="Count">The number of fixels.</param>
/// <param name="SlopePerYear">The true slope.</param>
internal sealed record DemoTract(int First, int Count, double SlopePerYear)
{
    /// <summary>One past the last element id.</summary>
    public int End => First + Count;
}

/// <summary>One simulated subject at one session.</summary>
internal sealed record DemoSubject(string Id, string SourceFile, double Age, string Sex, double Motion, int Session = 1);

/// <summary>
/// A simulated study with known effects: fibre density and cross-section (FDC) of 20,000 fixels of 200 subjects, age effects in three
/// tracts only, a sex difference and an effect of motion everywhere, and incomplete scans that do not cover the last fixels. Or the
/// same for 90 participants with two or three sessions, a year and a half apart, who differ from each other at every fixel. Every
/// instance has the same numbers.
/// </summary>
internal sealed class DemoStudy
{
    /// <summary>The scalar's name.</summary>
    public const string Scalar = "FDC";

    /// <summary>Number of fixels.</summary>
    public const int Elements = 20_000;

    private const int SubjectCount = 200;
    private const int ShortScans = 14;
    private const int FirstUnreached = 18_500;
    private const double Noise = 0.12;
    private const int Participants = 90;
    private const double BetweenParticipants = 0.1;
    private readonly Random _random = new(20_000);

    /// <summary>Simulates the study.</summary>
    /// <param name="isLongitudinal">Whether participants have several sessions.</param>
    public DemoStudy(bool isLongitudinal = false)
    {
        IsLongitudinal = isLongitudinal;
        Subjects = isLongitudinal
            ? [.. Enumerable.Range(0, Participants).SelectMany(Sessions)]
            : [.. Enumerable.Range(0, SubjectCount).Select(NewSubject)];
        Values = NewValues();
    }

    /// <summary>The fixels with age effects.</summary>
    public static IReadOnlyList<DemoTract> Tracts { get; } = [new(4_000, 500, 0.007), new(11_200, 300, -0.009), new(16_750, 100, 0.013)];

    /// <summary>Whether participants have several sessions.</summary>
    public bool IsLongitudinal { get; }

    /// <summary>The subjects, or their sessions, in the file's order.</summary>
    public IReadOnlyList<DemoSubject> Subjects { get; }

    /// <summary>Subjects × fixels, row-major; NaN where a scan does not cover a fixel.</summary>
    public float[] Values { get; }

    /// <summary>The true age slope of a fixel.</summary>
    public static double TrueSlope(int element) =>
        Tracts.FirstOrDefault(tract => element >= tract.First && element < tract.End)?.SlopePerYear ?? 0;

    private DemoSubject NewSubject(int index)
    {
        var id = $"sub-{index + 1:D3}";
        var age = Math.Round(8 + (15 * _random.NextDouble()), 2);
        return new(id, $"{id}_fdc.mif", age, _random.Next(2) == 0 ? "F" : "M", Math.Round(0.05 + (0.3 * _random.NextDouble()), 4));
    }

    /// <summary>Two or three sessions of a participant.</summary>
    private IEnumerable<DemoSubject> Sessions(int index)
    {
        var first = NewSubject(index);
        for (var session = 1; session <= 2 + (index % 2); session++)
            yield return first with
            {
                SourceFile = $"{first.Id}_ses-{session}_fdc.mif",
                Session = session,
                Age = Math.Round(first.Age + ((session - 1) * (1.25 + (0.5 * _random.NextDouble()))), 2),
                Motion = Math.Round(0.05 + (0.3 * _random.NextDouble()), 4),
            };
    }

    private float[] NewValues()
    {
        double[] baseline = [.. Enumerable.Range(0, Elements).Select(element => 0.6 + (0.25 * Math.Sin(element / 350.0)))];
        var values = new float[Subjects.Count * Elements];
        var participant = new double[Elements];
        for (var i = 0; i < Subjects.Count; i++)
        {
            for (var element = 0; IsLongitudinal && Subjects[i].Session == 1 && element < Elements; element++)
                participant[element] = BetweenParticipants * Normal();
            var subject = Subjects[i];
            var row = values.AsSpan(i * Elements, Elements);
            var offset = (0.02 * Normal()) - (0.1 * subject.Motion) + (subject.Sex == "M" ? 0.02 : 0);
            for (var element = 0; element < Elements; element++)
                row[element] = (float)(baseline[element] + participant[element] + offset + (Noise * Normal()));
            foreach (var tract in Tracts)
            {
                for (var element = tract.First; element < tract.End; element++)
                    row[element] += (float)(tract.SlopePerYear * (subject.Age - 15));
            }
            // Incomplete scans end at different fixels, so that the last fixels have many patterns of missing subjects.
            if (i % (SubjectCount / ShortScans) == 0)
                row[_random.Next(FirstUnreached, Elements)..].Fill(float.NaN);
        }
        return values;
    }

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
