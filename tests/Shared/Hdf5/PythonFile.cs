using HpcFit.Tests;

namespace HpcFit.Shared.Tests.Hdf5;

/// <summary>
/// A folder of HDF5 files written by h5py (Debian's python3-h5py), an independent implementation. Deleted on dispose.
/// </summary>
internal sealed class PythonFile : IDisposable
{
    private const string Prologue = """
        import sys, h5py, numpy as np
        path = sys.argv[1]
        rng = np.random.default_rng(7)
        def names(n): return [f'sub-{i:03d}.mif' for i in range(n)]
        def scalar(f, name, data, sources=None, **options):
            g = f.require_group('scalars').create_group(name)
            d = g.create_dataset('values', data=data, **options)
            g.create_dataset('column_names', data=sources or names(data.shape[0]), dtype=h5py.string_dtype())
            return d

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-hdf5-").FullName;

    public PythonFile(string script)
    {
        Path = System.IO.Path.Combine(_folder, "data.h5");
        Run(script);
    }

    public string Path { get; }

    /// <summary>Runs a script with <c>path</c>, <c>h5py</c>, <c>np</c>, <c>names</c> and <c>scalar</c>; returns what it prints.</summary>
    public string Run(string script)
    {
        var end = PythonScript.Run(Prologue + script, Path);
        return end.ExitCode == 0 ? end.Output : throw new InvalidOperationException($"The h5py script failed:\n{end.Errors}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
