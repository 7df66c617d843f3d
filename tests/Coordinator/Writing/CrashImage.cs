using HpcFit.Coordinator.Writing;
using HpcFit.Shared.Claims;
using HpcFit.Shared.Failures;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>The content of a file and its journal at a moment of a write, as a kill at that moment leaves them.</summary>
internal sealed record CrashImage(byte[] File, byte[] Journal)
{
    /// <summary>One image per block of a write, which is then abandoned, so that the file is unchanged.</summary>
    public static List<CrashImage> OfWrite(DataFile file, string analysis, double first, bool overwrite)
    {
        var images = new List<CrashImage>();
        var values = DataFile.Values(first);
        var contents = DataFile.Analysis(
            analysis,
            first,
            (region, destination) =>
            {
                images.Add(new(System.IO.File.ReadAllBytes(file.Path), System.IO.File.ReadAllBytes(file.Journal)));
                WrittenFile
                    .Bytes(values)[(int)(8 * ((region.Origin[0] * 300) + region.Origin[1]))..]
                    .AsSpan(0, destination.Length)
                    .CopyTo(destination);
                // The writing process starts late and follows some blocks behind: wait for its first byte once.
                if (region.Origin is [5, 0])
                    WaitForFirstByte(file);
                if (region.Origin is [11, 200])
                    throw new BadInputException("enough");
            }
        );
        Should
            .Throw<BadInputException>(() => Hdf5Write.Run(file.Into(contents) with { Overwrite = overwrite }, default))
            .Message.ShouldBe("enough");
        return images;
    }

    private static void WaitForFirstByte(DataFile file)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(1); file.Hash() == file.Before; Thread.Sleep(5))
            DateTime.UtcNow.ShouldBeLessThan(deadline);
    }

    /// <summary>Gives the same file, by inode, its content at that moment.</summary>
    public void PutBack(DataFile file)
    {
        System.IO.File.WriteAllBytes(file.Path, File);
        System.IO.File.WriteAllBytes(UndoJournal.PathFor(file.Path), Journal);
    }
}
