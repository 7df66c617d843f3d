using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Child;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Hdf5.Native;

namespace HpcFit.Coordinator.Tests.Writing;

/// <summary>
/// A writing process with a head start writes the same as any other; if it is missing or has ended, the write starts its own.
/// </summary>
public sealed class ReadyChildTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-write-").FullName;

    [Theory]
    [InlineData("waits")]
    [InlineData("never begun")]
    [InlineData("ended")]
    [InlineData("taken")]
    public void The_file_is_written_whether_or_not_the_child_lives(string head)
    {
        using var child = new ReadyChild();
        if (head != "never begun")
            child.Begin();
        if (head == "ended")
            child.Dispose();
        using var other = head == "taken" ? child.Take() : null;
        var file = Path.Combine(_folder, "new.h5");

        Hdf5Write.Run(
            new()
            {
                File = file,
                NewFile = true,
                Contents = [DatasetContent.Held("/a", ElementType.UInt8, [3], [1, 2, 3])],
            },
            default,
            child
        );

        WrittenFile.Read<byte>(file, "/a", H5T.NATIVE_UINT8, 3).ShouldBe([1, 2, 3]);
        child.Take().ShouldBeNull();
        other?.Kill();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
