using HpcFit.Coordinator.Writing.Child;
using HpcFit.Coordinator.Writing.Chunks;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Coordinator.Writing.Failures;
using HpcFit.Coordinator.Writing.Library;
using HpcFit.Shared.Failures;
using HpcFit.Shared.Files;

namespace HpcFit.Coordinator.Tests.Writing.Library;

/// <summary>Any difference between a written file and its contents is found when it is read back, and reported.</summary>
public sealed class VerificationTests : IDisposable
{
    private const string Matrix = "/results/new/results_matrix";

    private readonly string _folder = Directory.CreateTempSubdirectory("hpcfit-write-").FullName;
    private readonly IReadOnlyList<Content> _contents =
    [
        .. DataFile.Analysis("new", 5).Select(content => content is GroupContent group ? group with { IsMarked = true } : content),
        DatasetContent.Numbers("/flat", [1, 2, 3]),
    ];
    private readonly IReadOnlyList<WrittenDataset> _written;

    public VerificationTests()
    {
        var writer = Hdf5Writer.Create(File);
        _written = new ContentWriter(writer, CancellationToken.None).Write(_contents);
        writer.Close();
    }

    private string File => Path.Combine(_folder, "new.h5");

    private static string Flip(string dataset, string offset) =>
        $"d = f['{dataset}']; at = {offset}; f.close(); g = open(path, 'r+b'); g.seek(at); b = g.read(1)[0]; g.seek(at); "
        + "g.write(bytes([b ^ 1])); g.close()";

    public static TheoryData<string, string, string> Damages =>
        new()
        {
            { "del f['/results/new/column_names']", "/results/new/column_names", "is not there as a Dataset" },
            { "del f['/flat']; f.create_group('/flat')", "/flat", "is not there as a Dataset" },
            { "f['/results/new'].attrs['formula'] = 'FD ~ Agf'", "/results/new", "attribute 'formula'" },
            { "f['/results/new'].attrs.modify('hpcfit_state', b'writing\\0')", "/results/new", "attribute 'hpcfit_state'" },
            { $"del f['{Matrix}']; f['{Matrix}'] = [[1.0]]", Matrix, "has the shape 1 x 1, 12 x 300 was written" },
            { "import numpy; del f['/flat']; f['/flat'] = numpy.array([1, 2, 3])", "/flat", "another type" },
            { "f['/flat'][1] = 2.5", "/flat", "does not hold what was written at 0" },
            { Flip(Matrix, "d.id.get_chunk_info(7).byte_offset + 9"), Matrix, "does not hold what was written at" },
            { Flip("/flat", "d.id.get_offset() + 9"), "/flat", "does not hold what was written at 0" },
        };

    [Fact]
    public void Written_contents_are_found()
    {
        using var reader = Reader();
        reader.Verify(File, FileStatus.Read(File).Identity, _contents, _written, CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Differences_are_reported(string change, string named, string problem)
    {
        Python.Run($"import h5py; path = '{File}'; f = h5py.File(path, 'r+'); {change}; f.close()");
        using var reader = Reader();

        var failure = Should.Throw<WriteDamagedException>(() =>
            reader.Verify(File, FileStatus.Read(File).Identity, _contents, _written, CancellationToken.None)
        );

        failure.Message.ShouldContain($"'{named}' of '{File}'");
        failure.Message.ShouldContain(problem);
        failure.ExitCode.ShouldBe(ExitCode.FileSystem);
        failure.IsRetryable.ShouldBeTrue();
    }

    [Fact]
    public void Another_file_under_the_name_is_refused()
    {
        var written = FileStatus.Read(File).Identity;
        System.IO.File.Copy(File, File + ".copy");
        System.IO.File.Move(File + ".copy", File, overwrite: true);
        using var reader = Reader();

        Should
            .Throw<BadInputException>(() => reader.Verify(File, written, _contents, _written, CancellationToken.None))
            .Message.ShouldContain("replaced by another file");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ChildReader Reader() =>
        ChildReader.Start(
            new()
            {
                File = File,
                NewFile = true,
                Contents = _contents,
            }
        );
}
