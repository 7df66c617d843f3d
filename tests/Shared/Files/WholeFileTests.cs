using HpcFit.Shared.Files;

namespace HpcFit.Shared.Tests.Files;

public sealed class WholeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-whole-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File1 => Path.Combine(_folder, "map*.nii");

    [Fact]
    public void Only_leftovers_of_killed_writers_are_removed()
    {
        var (leftOver, others) = (TemporaryFile.NameFor(File1), TemporaryFile.NameFor(Path.Combine(_folder, "map2.nii")));
        File.WriteAllText(leftOver, "half");
        File.WriteAllText(others, "of another file");
        WholeFile.Write(File1, file => file.Write("whole"u8));
        File.ReadAllText(File1).ShouldBe("whole");
        Directory.GetFiles(_folder).ShouldBe([File1, others], ignoreOrder: true);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_no_other()
    {
        File.WriteAllText(File1, "old");
        Should.Throw<InvalidDataException>(() =>
            WholeFile.Write(
                File1,
                file =>
                {
                    file.Write("half"u8);
                    throw new InvalidDataException();
                }
            )
        );
        File.ReadAllText(File1).ShouldBe("old");
        Should.Throw<IOException>(() => WholeFile.Write(File1, file => file.Write("new"u8), overwrite: false));
        Directory.GetFiles(_folder).ShouldBe([File1]);
        File.ReadAllText(File1).ShouldBe("old");
    }

    /// <summary>
    /// As when commands claim a file at the same moment: one removes the temporary file of another before it is locked, and creates the
    /// file.
    /// </summary>
    [Fact]
    public void A_writer_whose_file_was_removed_finds_that_another_created_it()
    {
        var attempts = 0;
        WholeFile
            .Place(
                File1,
                file =>
                {
                    if (++attempts > 1)
                        return;
                    File.Delete(file.Name);
                    File.WriteAllText(File1, "of another command");
                },
                temporary => Posix.Link(temporary, File1)
            )
            .ShouldBeFalse();
        attempts.ShouldBe(2);
        File.ReadAllText(File1).ShouldBe("of another command");
        Directory.GetFiles(_folder).ShouldBe([File1]);
    }
}
