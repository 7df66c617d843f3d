using HpcFit.Shared.Elements;
using HpcFit.Shared.Hdf5.Filters;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;
using HpcFit.Tests;
using HpcFit.Worker.Models;
using HpcFit.Worker.Pipeline;
using HpcFit.Worker.Probing;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Worker.Tests.Pipeline;

/// <summary>
/// A study of 40 subjects and 30,000 elements written by h5py: FD of subject s at element e is s + e, so its mean is e + 19.5; every
/// seventh element has subject 0 missing. Deleted on dispose.
/// </summary>
internal sealed class PipelineStudy : IDisposable
{
    public const int Subjects = 40;
    public const int Elements = 30_000;
    public const int ChunkElements = 3500;

    private const string Make = """
        import sys, h5py, numpy as np
        data = np.add.outer(np.arange(40), np.arange(30000)).astype('f4')
        data[0, ::7] = np.nan
        names = [f's{i}.mif' for i in range(40)]
        with h5py.File(sys.argv[1] + '/data.h5', 'w') as f:
            d = f.create_dataset('scalars/FD/values', data=data, chunks=(40, 3500), compression='gzip', compression_opts=1, shuffle=True)
            f.create_dataset('scalars/FD/column_names', data=names, dtype=h5py.string_dtype())
        with open(sys.argv[1] + '/cohort.csv', 'w') as c:
            c.write('source_file,age\n' + ''.join(f'{n},{20 + i}\n' for i, n in reversed(list(enumerate(names)))))
        """;

    private const string Damage = """
        import sys, h5py
        with h5py.File(sys.argv[1] + '/data.h5') as f: chunk = f['scalars/FD/values'].id.get_chunk_info(3)
        with open(sys.argv[1] + '/data.h5', 'r+b') as f:
            f.seek(chunk.byte_offset)
            f.write(b'\xff' * 64)
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-pipeline-").FullName;

    public PipelineStudy() => Python(Make);

    public string Data => Path.Combine(_folder, "data.h5");

    public RunSpec Spec =>
        new()
        {
            Model = new() { Engine = "mean", Formula = "FD ~ age" },
            Data = [new(Data, Path.Combine(_folder, "cohort.csv"))],
        };

    public static EngineFactory Engines => (_, _, _, response) => new MeanEngine(response);

    /// <summary>Makes the fourth chunk of FD unreadable.</summary>
    public void DamageChunk() => Python(Damage);

    public RunModel Open(ReadCounters? counters = null) => RunModel.Open(Spec, Engines, counters ?? new());

    /// <summary>A run of the whole study with one round and these jobs.</summary>
    public RunDirectory Run(params ElementSet[] jobs)
    {
        var answer = ProbeAnswerer.Answer(Spec, Engines, (_, _) => null);
        var run = RunDirectory.CreateOrOpen(
            Path.Combine(_folder, "run"),
            new()
            {
                Digest = answer.Digest,
                Spec = Spec,
                Inputs = answer.Inputs!,
                Layout = answer.Layout!,
                Estimates = answer.Estimates!,
                Files = answer.Files,
                ProgramVersion = "test",
                Created = DateTimeOffset.UtcNow,
            }
        );
        run.CreateRound([.. jobs.Select((elements, job) => new Job(new(job), elements))]);
        return run;
    }

    public static FitAttempt Attempt(RunDirectory run, int job = 0, OnError? onError = null)
    {
        var options = new FitOptions(new(1), new(job), 2, onError, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1));
        return new(run, AttemptId.New(options.Round, options.Job), options, Engines, NullLogger.Instance);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Python(string script)
    {
        var end = PythonScript.Run(script, _folder);
        if (end.ExitCode != 0)
            throw new InvalidOperationException(end.Errors);
    }
}
