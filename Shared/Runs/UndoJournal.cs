using HpcFit.Shared.Failures;

namespace HpcFit.Shared.Runs;

/// <summary>
/// Where the undo journal of a data file lies, and the refusal to read a file that has one: while it is there, the file is being
/// written or its write was interrupted, so its bytes mean nothing.
/// </summary>
public static class UndoJournal
{
    /// <summary>The journal's path. <paramref name="realPath"/> has no symbolic link in it (<see cref="RealPath.Of"/>).</summary>
    public static string PathFor(string realPath) => realPath + ".hpcfit-undo";

    /// <summary>Whether <paramref name="dataFile"/>, which may be a symbolic link, has a journal.</summary>
    public static bool IsPresent(string dataFile) => File.Exists(PathFor(RealPath.Of(dataFile)));

    /// <summary>Throws when <paramref name="dataFile"/> has a journal. A reader asks before and after it reads the file's index.</summary>
    /// <exception cref="BusyException">A writer is at work, or was interrupted.</exception>
    public static void RefuseIfPresent(string dataFile)
    {
        var journal = PathFor(RealPath.Of(dataFile));
        if (!File.Exists(journal)) return;
        throw new BusyException(
            $"'{dataFile}' cannot be read now: its undo journal '{journal}' is there since {File.GetLastWriteTimeUtc(journal):u}, so results are being " +
            $"written into it or a write was interrupted. Wait for the writer; if none is running, bring the old bytes back with: hpcfit recover {dataFile}");
    }
}
