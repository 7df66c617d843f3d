using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace HpcFit.Tests;

/// <summary>How a Python script ended.</summary>
/// <param name="ExitCode">Its exit code; negative: the signal that ended it.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record PythonEnd(int ExitCode, string Output, string Errors);

/// <summary>
/// Runs scripts in Debian's python3 with h5py, an independent implementation of HDF5. Each script has a process of its own, forked from one
/// that has imported h5py and numpy already, because the imports take longer than most scripts.
/// </summary>
internal static class PythonScript
{
    private const string Server = """
        import json, os, sys
        import h5py, numpy
        for line in sys.stdin:
            request = json.loads(line)
            child = os.fork()
            if child == 0:
                for descriptor in (1, 2):
                    os.dup2(os.open(f"{request['End']}.{descriptor}", os.O_WRONLY | os.O_CREAT, 0o600), descriptor)
                sys.argv = ['-c'] + request['Arguments']
                exec(compile(request['Script'], 'script', 'exec'), {'__name__': '__main__'})
                sys.exit()
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        """;

    private static readonly ConcurrentBag<Process> Idle = [];

    /// <summary>Runs a script.</summary>
    /// <param name="script">Its text.</param>
    /// <param name="arguments">Its arguments, from <c>sys.argv[1]</c> on.</param>
    public static PythonEnd Run(string script, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("hpcfit-python-").FullName;
        try
        {
            var end = Path.Combine(folder, "end");
            var server = Idle.TryTake(out var idle) ? idle : Start();
            // The test program's end closes the pipe, and that ends the server.
            server.StandardInput.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        End = end,
                        Arguments = arguments,
                        Script = script,
                    }
                )
            );
            var code = int.Parse(server.StandardOutput.ReadLine() ?? throw new InvalidOperationException("Python has ended."));
            Idle.Add(server);
            return new(code, File.ReadAllText(end + ".1"), File.ReadAllText(end + ".2"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Starts a server from a thread that ends, because tests look for the child processes of their own thread.</summary>
    private static Process Start()
    {
        Process? server = null;
        var thread = new Thread(() =>
            server = Process.Start(
                new ProcessStartInfo("/usr/bin/python3", ["-c", Server]) { RedirectStandardInput = true, RedirectStandardOutput = true }
            )
        );
        thread.Start();
        thread.Join();
        server!.StandardInput.AutoFlush = true;
        return server;
    }
}
