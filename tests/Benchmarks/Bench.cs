using HpcFit.Benchmarks.Batch;
using HpcFit.Benchmarks.Gam;
using HpcFit.Benchmarks.Images;
using HpcFit.Benchmarks.Lm;
using HpcFit.Benchmarks.Memory;
using HpcFit.Benchmarks.Missing;
using HpcFit.Benchmarks.Mixed;
using HpcFit.Benchmarks.Permutation;
using HpcFit.Benchmarks.Report;
using HpcFit.Benchmarks.Scale;
using HpcFit.Benchmarks.Slow;
using HpcFit.Benchmarks.Start;
using HpcFit.Benchmarks.Write;

namespace HpcFit.Benchmarks;

/// <summary>Measures the requested sections, in order, and writes the page.</summary>
internal sealed class Bench(BenchOptions options)
{
    private static readonly (string Name, Func<BenchOptions, Section> Measure)[] Sections =
    [
        ("lm", options => new LmSection(options).Measure()),
        ("missing", options => new MissingSection(options).Measure()),
        ("gam", options => new GamSection(options).Measure()),
        ("mixed", options => new MixedSection(options).Measure()),
        ("permutation", options => new PermutationSection(options).Measure()),
        ("batch", options => new BatchSection(options).Measure()),
        ("slow", options => new SlowSection(options).Measure()),
        ("start", options => new StartSection(options).Measure()),
        ("images", options => new ImagesSection(options).Measure()),
        ("write", options => new WriteSection(options).Measure()),
        ("memory", options => new MemorySection(options).Measure()),
        ("scale", options => new ScaleSection(options).Measure()),
    ];

    public static IEnumerable<string> SectionNames => Sections.Select(section => section.Name);

    public void Run()
    {
        Directory.CreateDirectory(options.Folder);
        var unknown = options.Only.Except(SectionNames).ToList();
        if (unknown.Count > 0)
            throw new ArgumentException($"There is no section '{unknown[0]}'; sections: {string.Join(", ", SectionNames)}.");
        var sections = new List<Section> { Machine.Describe() };
        foreach (var (name, measure) in Sections)
        {
            if (options.Only.Count > 0 && !options.Only.Contains(name))
                continue;
            Console.Error.WriteLine($"bench: {name}");
            var load = Machine.Load;
            var section = measure(options);
            sections.Add(
                section with
                {
                    Paragraphs =
                    [
                        .. section.Paragraphs,
                        $"Taken {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {options.Rounds} rounds; load average at the start: " + $"{load}.",
                    ],
                }
            );
            // After each section: an interrupted benchmark keeps what it has measured.
            Page.Write(options.Page, sections);
        }
        Console.Error.WriteLine($"bench: {options.Page} is written");
    }
}
