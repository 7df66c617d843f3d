using HpcFit.Shared.Elements;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Partials;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Shared.Specs.Documents;
using HpcFit.Shared.Specs.Layouts;
using HpcFit.Shared.Specs.Variables;
using HpcFit.Tests;
using HpcFit.Worker.EnhancedStage;
using HpcFit.Worker.Enhancing;
using HpcFit.Worker.Models;
using HpcFit.Worker.Pipeline;
using HpcFit.Worker.Tests.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Worker.Tests.EnhancedStage;

/// <summary>
/// A study with a model whose statistics are known: those of element e, hypothesis h and shuffle k are <see cref="Statistic"/>, and NaN at
/// every eleventh element. The enhanced map adds each element's left neighbour if it has the same sign.
/// </summary>
internal sealed class ShuffledStudy : IDisposable
{
    public const int Hypotheses = 2;
    public const int Shuffles = 300;

    private const string Voxels = """
        import sys, h5py, numpy as np
        with h5py.File(sys.argv[1], 'r+') as f:
            if 'voxels' in f: del f['voxels']
            e = np.arange(30000)
            d = f.create_dataset('voxels', data=np.array([e, e % 100 + int(sys.argv[2]), e // 100, 0 * e]))
            d.attrs['column_names'] = np.array(['voxel_id', 'i', 'j', 'k'], dtype='S')
        """;

    private readonly PipelineStudy _study = new();
    private readonly RunDirectory _run;

    public ShuffledStudy()
    {
        _run = _study.Run(ElementSet.From(0, PipelineStudy.Elements));
        var document = _run.Document;
        var stage = new RunStage("enhanced", StageAxis.Shuffles, Shuffles);
        Stage = RunDirectory.CreateOrOpen(
            _run.StageAt(stage.Name).Root,
            document with
            {
                Digest = RunDigest.ComputeStage(document.Spec, document.Inputs, stage),
                Stage = stage,
                Layout = new(["a", "b", "c", "d"], []) { BytesPerBlock = Block.Bytes },
            }
        );
    }

    public static EnhancedBlock Block => new(Hypotheses, PipelineStudy.Elements);

    /// <summary>The stage's directory.</summary>
    public RunDirectory Stage { get; private set; }

    /// <summary>The model's engine.</summary>
    public static EngineFactory Engines => EnginesThatWait(TimeSpan.Zero);

    /// <summary>The model's engine, with a wait before each block of shuffled statistics.</summary>
    public static EngineFactory EnginesThatWait(TimeSpan wait) => (_, _, _, response) => new ShuffledEngine(response, wait);

    /// <summary>What the runs compute, without an enhancement.</summary>
    public RunSpec Spec => _study.Spec;

    /// <summary>Makes the elements voxels in rows of 100.</summary>
    public void AddVoxels(int shift = 0)
    {
        var end = PythonScript.Run(Voxels, _study.Data, $"{shift}");
        if (end.ExitCode != 0)
            throw new InvalidOperationException(end.Errors);
    }

    /// <summary>The model.</summary>
    public RunModel Open() => RunModel.Open(_study.Spec, Engines, new());

    /// <summary>Makes a chunk of the data unreadable.</summary>
    public void DamageChunk() => _study.DamageChunk();

    /// <summary>Lets jobs compute as many shuffles at once as fit into this memory.</summary>
    public void LimitMemory(long bytes)
    {
        var document = Stage.Document;
        Stage = RunDirectory.CreateOrOpen(Stage.Root, document with { Spec = document.Spec with { BatchMemory = bytes } });
    }

    /// <summary>Sets how long a shuffle takes on one thread.</summary>
    public void EstimateSeconds(double perShuffle)
    {
        var document = Stage.Document;
        document = document with { Estimates = document.Estimates with { SecondsPerElement = perShuffle } };
        JsonFile.Replace(Stage.DocumentFile, document, RunJson.Default.RunDocument);
        Stage = RunDirectory.Open(Stage.Root);
    }

    /// <summary>How often the attempts have read all elements.</summary>
    public double Passes()
    {
        using var model = Open();
        return Stage.ReportedAttempts().Sum(attempt => Stage.ReadProgress(attempt)!.StripesRead) / (double)model.Stripes.Count;
    }

    /// <summary>Small integers, so that ties occur; the value of the data is included in its sign.</summary>
    public static float Statistic(int hypothesis, long shuffle, long element)
    {
        if (element % 11 == 5)
            return float.NaN;
        var mixed = (uint)((element * 2_654_435_761) ^ ((shuffle + 1) * 40_503) ^ (hypothesis * 97));
        return (int)(mixed * 2_246_822_519 >> 28) - 7;
    }

    public static float[] Enhanced(int hypothesis, long shuffle)
    {
        var map = Enumerable.Range(0, PipelineStudy.Elements).Select(e => Statistic(hypothesis, shuffle, e)).ToArray();
        var enhanced = new float[map.Length];
        NeighbourSum.Enhance(map, enhanced);
        return enhanced;
    }

    /// <summary>Makes a round of these jobs and does all of them.</summary>
    public void Compute(int threads, params ElementSet[] jobs)
    {
        var round = Stage.CreateRound([.. jobs.Select((shuffles, job) => new Job(new(job), shuffles))]);
        foreach (var job in round.Jobs)
            Attempt(round.Id, job.Id, threads).Run(CancellationToken.None).ShouldBe(ExitCode.Success);
    }

    public EnhancedAttempt Attempt(RoundId round, JobId job, int threads = 2, OnError? onError = null) =>
        new(
            Stage,
            AttemptId.New(round, job),
            new(round, job, threads, onError, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1)),
            Engines,
            _ => new NeighbourSum(),
            NullLogger.Instance
        );

    public Coverage Cover() => Coverage.Read(Stage, CancellationToken.None);

    public void Dispose() => _study.Dispose();

    /// <summary>The mean, with shuffles.</summary>
    private sealed class ShuffledEngine(string response, TimeSpan wait) : IModelEngine, IShuffledModel
    {
        private readonly MeanEngine _mean = new(response);

        public ResultLayout Layout => _mean.Layout;

        public IReadOnlyList<string> Scalars => _mean.Scalars;

        public IReadOnlyList<string> CohortColumns => _mean.CohortColumns;

        public int NumericVersion => _mean.NumericVersion;

        public ModelFrame Frame => _mean.Frame;

        public IShuffledModel Shuffled => this;

        public IReadOnlyList<string> Hypotheses => ["one", "two"];

        public long Shuffles => ShuffledStudy.Shuffles;

        IBlockFitter IModelEngine.CreateFitter() => _mean.CreateFitter();

        IShuffledFitter IShuffledModel.CreateFitter() => new Fitter(wait);
    }

    /// <summary>Stores the known statistics of the elements that it is given values of.</summary>
    private sealed class Fitter(TimeSpan wait) : IShuffledFitter
    {
        public void Fit(in ScalarBlock block, StatisticMaps maps)
        {
            Thread.Sleep(wait);
            var values = new double[PipelineStudy.Subjects];
            for (var element = 0; element < block.Count; element++)
            {
                block.CopyElement(0, element, values);
                var id = block.FirstElement + element;
                // Subject 1 of the file has the value 1 + e.
                values.ShouldContain(1.0 + id);
                for (var hypothesis = 0; hypothesis < maps.Hypotheses; hypothesis++)
                {
                    for (var shuffle = 0; shuffle < maps.Shuffles.Count; shuffle++)
                        maps.Map(hypothesis, shuffle)[(int)id] = Statistic(hypothesis, maps.Shuffles.First + shuffle, id);
                }
            }
        }

        public void Dispose() { }
    }

    /// <summary>Adds the left neighbour of the same sign; three maps in a call.</summary>
    private sealed class NeighbourSum : IEnhancement, IEnhancer
    {
        public int Elements => PipelineStudy.Elements;

        public int MapsPerCall => 3;

        public long BytesPerEnhancer => 0;

        public IEnhancer CreateEnhancer() => new NeighbourSum();

        public void Enhance(ReadOnlySpan<float> maps, MapPeaks unpermuted, Span<float> enhanced)
        {
            unpermuted.ShouldBeOneOf(MapPeaks.Find(Unpermuted(0)), MapPeaks.Find(Unpermuted(1)));
            for (var at = 0; at < maps.Length; at += Elements)
                Enhance(maps.Slice(at, Elements), enhanced.Slice(at, Elements));
        }

        public static void Enhance(ReadOnlySpan<float> map, Span<float> enhanced)
        {
            for (var element = 0; element < map.Length; element++)
            {
                var left = element > 0 && map[element - 1] * map[element] > 0 ? map[element - 1] : 0;
                enhanced[element] = map[element] + left;
            }
        }

        public void Dispose() { }

        private static float[] Unpermuted(int hypothesis) =>
            [.. Enumerable.Range(0, PipelineStudy.Elements).Select(element => Statistic(hypothesis, 0, element))];
    }
}
