using System.Text;
using HpcFit.Coordinator.Writing.Chunks;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Coordinator.Writing.Journaling;
using HpcFit.Coordinator.Writing.Library;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Writing.Child;

/// <summary>
/// Reads the file of a write, before and after it, in a process that libhdf5 may crash or hang on a damaged file. This is not the writing
/// process, so that the verification reads the file and not the library's cache of what it wrote.
/// </summary>
internal sealed class ChildReader : IDisposable
{
    private readonly ChildProcess _process;
    private readonly BinaryWriter _questions;
    private readonly BinaryReader _answers;

    private ChildReader(ChildProcess process)
    {
        _process = process;
        _questions = new(new BufferedStream(process.Input, 1 << 16), Encoding.UTF8, leaveOpen: true);
        _answers = new(new BufferedStream(process.Output, 1 << 16), Encoding.UTF8, leaveOpen: true);
    }

    /// <summary>Starts the process, which lives until this object is disposed.</summary>
    public static ChildReader Start(WriteRequest request) =>
        new(ChildProcess.Start().Assign("read", WriteChild.Seconds(request.MetadataTimeout)));

    /// <summary>Surveys a file before it is written.</summary>
    /// <param name="file">The file.</param>
    /// <param name="request">The write.</param>
    /// <param name="token">Ends the process.</param>
    /// <exception cref="HpcFitException">The file cannot be read, or a target cannot be created in it; the message names it.</exception>
    public FileSurvey Survey(HeldFile file, WriteRequest request, CancellationToken token) =>
        Ask(
            file.Path,
            () =>
            {
                Begin(ReadQuestion.Survey, file.Path, file.Status.Identity);
                _questions.Write(file.Status.Length);
                _questions.WriteList(request.Targets(), _questions.Write);
                _questions.WriteList(request.ReplacesRuns, _questions.Write);
            },
            () => ReadAnswers.Survey(_answers, file.Path, file.Status.Length),
            token
        );

    /// <summary>Reads a file back: <see cref="Verification"/>.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="file">The file that was written; it is an error if the path leads to another.</param>
    /// <param name="contents">What was written.</param>
    /// <param name="written">Its datasets as they were passed to the library.</param>
    /// <param name="token">Ends the process.</param>
    /// <exception cref="WriteDamagedException">Something differs; the message names it.</exception>
    /// <exception cref="HpcFitException">The file cannot be read.</exception>
    public void Verify(
        string path,
        FileIdentity file,
        IReadOnlyList<Content> contents,
        IReadOnlyList<WrittenDataset> written,
        CancellationToken token
    ) =>
        Ask(
            path,
            () =>
            {
                Begin(ReadQuestion.Verify, path, file);
                _questions.WriteList([.. contents.SelectMany(WrittenObject.From)], _questions.Write);
                _questions.WriteList(written, _questions.Write);
            },
            () => true,
            token
        );

    /// <summary>Kills and reaps the process.</summary>
    public void Dispose() => _process.Dispose();

    private void Begin(ReadQuestion question, string path, FileIdentity file)
    {
        _questions.Write((byte)question);
        _questions.Write(path);
        _questions.Write(file.Device);
        _questions.Write(file.Inode);
    }

    private T Ask<T>(string path, Action question, Func<T> answer, CancellationToken token)
    {
        using var stop = token.Register(_process.Kill);
        try
        {
            question();
            _questions.Flush();
            return ReadAnswers.Verdict(_answers, path) is { } refusal ? throw refusal : answer();
        }
        catch (IOException) // a pipe ended because the process did: the way it ended is the cause
        {
            _process.WaitForExit();
            token.ThrowIfCancellationRequested();
            throw ChildCrash.Ending(_process.ExitCode, _process.OpenFile, _process.Errors.TrimEnd());
        }
    }
}
