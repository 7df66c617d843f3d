using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Specs.Documents;

namespace HpcFit.Coordinator.Reading;

/// <summary>
/// Reads HDF5 files in a child process, which libhdf5 may crash or hang. One child answers any number of questions. It is started by the
/// first one, and ends when this object is disposed or this process ends.
/// </summary>
/// <param name="metadataTimeout">The time limit of a call into the HDF5 library.</param>
internal sealed class ReadingChild(TimeSpan metadataTimeout) : IDisposable
{
    private readonly OpenFileRecord _record = OpenFileRecord.Create();
    private Process? _process;
    private Task<string> _words = Task.FromResult("");

    /// <summary>The metadata of a file, as read by <see cref="ModelArrayFile.Open"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="token">Ends the child.</param>
    /// <exception cref="HpcFitException">The file cannot be read; the message names it.</exception>
    public ModelArrayFile Metadata(string path, CancellationToken token) => Ask(token, ReadChild.Metadata, path).Metadata!;

    /// <summary>The same, allowing values in files outside the folder of the file.</summary>
    /// <inheritdoc cref="Metadata"/>
    public ModelArrayFile MetadataAnywhere(string path, CancellationToken token) => Ask(token, ReadChild.MetadataAnywhere, path).Metadata!;

    /// <summary>The same, of a file of results, which has analyses and no scalars, or of a data file.</summary>
    /// <inheritdoc cref="Metadata"/>
    public ModelArrayFile MetadataOfAny(string path, CancellationToken token) => Ask(token, ReadChild.MetadataOfAny, path).Metadata!;

    /// <summary>
    /// The analyses in a file, which may have no scalars, as read by <see cref="ModelArrayFile.ReadAnalyses"/>.
    /// </summary>
    /// <inheritdoc cref="Metadata"/>
    public IReadOnlyList<AnalysisSummary> Analyses(string path, CancellationToken token) => Ask(token, ReadChild.Analyses, path).Analyses!;

    /// <summary>What is stored about the fits of a file's analyses, as read by <see cref="ModelArrayFile.ReadRecords"/>.</summary>
    /// <inheritdoc cref="Metadata"/>
    public IReadOnlyDictionary<string, AnalysisRecord> Records(string path, CancellationToken token) =>
        Ask(token, ReadChild.Records, path).Records!;

    /// <summary>The names in a file, read while no other command writes it.</summary>
    /// <inheritdoc cref="Metadata"/>
    public static TakenNames Names(string path, TimeSpan metadataTimeout, CancellationToken token)
    {
        using var child = new ReadingChild(metadataTimeout);
        var file = UndoJournal.ReadBetweenWrites(path, UndoJournal.Patience, () => child.Metadata(path, token), token);
        return TakenNames.From(file);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        _record.Dispose();
    }

    private ReadAnswer Ask(CancellationToken token, params string[] question)
    {
        var process = _process ??= Start();
        using var stop = token.Register(process.Kill);
        try
        {
            ArgumentLists.Write(process.StandardInput.BaseStream, question);
            var answer = Receive(process.StandardOutput.BaseStream);
            return answer.Error is null ? answer : throw ReadRefusedException.Create(answer.Error, answer.ExitCode);
        }
        catch (IOException) // the pipe ended because the child did: the way it ended is the cause
        {
            token.ThrowIfCancellationRequested();
            throw Ending(process);
        }
    }

    private Process Start()
    {
        var seconds = metadataTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "hpcfit"), [ReadChild.Verb, seconds])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _record.PassTo(start);
        var process = Process.Start(start)!;
        _words = process.StandardError.ReadToEndAsync(CancellationToken.None);
        return process;
    }

    private static ReadAnswer Receive(Stream output)
    {
        var length = new byte[sizeof(int)];
        output.ReadExactly(length);
        var answer = new byte[BitConverter.ToInt32(length)];
        output.ReadExactly(answer);
        return JsonSerializer.Deserialize(answer, ReadingJson.Default.ReadAnswer)!;
    }

    private HpcFitException Ending(Process process)
    {
        process.WaitForExit();
        var (status, file, words) = (process.ExitCode, _record.Read(), _words.GetAwaiter().GetResult().TrimEnd());
        End();
        return ChildCrash.Ending(status, file, words);
    }

    private void End()
    {
        if (_process is not { } process)
            return;
        _process = null;
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
