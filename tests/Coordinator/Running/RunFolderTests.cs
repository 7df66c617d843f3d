using HpcFit.Coordinator.Running;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Tests.Running;

public sealed class RunFolderTests : IDisposable
{
    private const string Digest = "0123456789abcdef";
    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-folders-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private RunSpec Spec =>
        new()
        {
            Model = new() { Engine = "lm" },
            Data = [new(Path.Combine(_folder, "data.h5"), "c.csv")],
        };

    [Fact]
    public void It_is_the_given_one_or_named_by_the_digest()
    {
        new RunFolder("/r", null).For(Spec, Digest, isMember: false).ShouldBe("/r");
        new RunFolder("/r", null).For(Spec, Digest, isMember: true).ShouldBe("/r/0123456789ab");
        new RunFolder(null, null).For(Spec, Digest, isMember: false).ShouldBe(Path.Combine(_folder, "data.h5.hpcfit", "0123456789ab"));
        new RunFolder(null, "/scratch").For(Spec, Digest, isMember: false).ShouldBe("/scratch/0123456789ab");
    }

    [Fact]
    public void A_run_that_exists_next_to_the_data_file_is_continued_there()
    {
        var beside = Directory.CreateDirectory(Path.Combine(_folder, "data.h5.hpcfit", "0123456789ab")).FullName;
        new RunFolder(null, "/scratch").For(Spec, Digest, isMember: false).ShouldBe(beside);
    }
}
