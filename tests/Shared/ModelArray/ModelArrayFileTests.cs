using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Tests.Hdf5;

namespace HpcFit.Shared.Tests.ModelArray;

public sealed class ModelArrayFileTests
{
    [Fact]
    public void ChunkedGzipShuffleFileShowsShapeTypeChunksFiltersAndRatio()
    {
        var scalar = ModelArrayFile.Open(TestData.Oracle("clean.h5")).Scalar("FDC");
        (scalar.Subjects, scalar.Elements, scalar.IsTransposed).ShouldBe((64, 150, false));
        scalar.Type.ToString().ShouldBe("float32");
        scalar.Layout.Kind.ShouldBe(StorageLayout.Chunked);
        scalar.Layout.Chunk.ShouldBe([64L, 40L]);
        scalar.Layout.Filters.Select(filter => filter.ToString()).ShouldBe(["shuffle", "gzip 4"]);
        scalar.CompressionRatio.ShouldBe(1.204, 0.001); // h5dump -H -p: 1.204:1
        scalar.SourceNames.Count.ShouldBe(64);
        scalar.SourceNamesPlace.ShouldBe("/scalars/FDC/column_names");
    }

    [Fact]
    public void TransposedFileIsRecognisedByTheNumberOfNames()
    {
        var scalar = ModelArrayFile.Open(TestData.Oracle("transposed.h5")).Scalar("FA");
        (scalar.Subjects, scalar.Elements, scalar.IsTransposed).ShouldBe((50, 120, true));
        (scalar.ChunkSubjects, scalar.ChunkElements).ShouldBe((50, 30));
        scalar.DiskShape.ShouldBe((120, 50));
    }

    [Fact]
    public void NamesInTheAttributeAreFoundAndElementTablesListed()
    {
        var file = ModelArrayFile.Open(TestData.Oracle("legacy_attr.h5"));
        file.Scalar("FA").SourceNamesPlace.ShouldBe("/scalars/FA/values@column_names");
        file.ElementTables.ShouldHaveSingleItem().Name.ShouldBe("voxels");
        file.ElementTables[0].Length.ShouldBe(120);
    }

    [Fact]
    public void ContiguousFileWithFixedLengthNamesHasAnOffset()
    {
        var scalar = ModelArrayFile.Open(TestData.Oracle("contig64.h5")).Scalar("MD");
        scalar.Layout.Offset.ShouldBe(3464); // h5dump -p: OFFSET 3464
        scalar.SourceNames.ShouldAllBe(name => name.Length > 0 && !name.Contains('\0'));
        scalar.Type.ShouldBe(new StoredType(StoredKind.FloatingPoint, 8, false));
    }

    [Fact]
    public void PaddingIsTrimmedBeforeAttributeAndDatasetAreCompared()
    {
        using var file = new PythonFile(
            """
            with h5py.File(path, 'w') as f:
                d = scalar(f, 'FA', np.zeros((3, 5)), sources=['a.mif', 'b.mif', 'c.mif'])
                d.attrs['column_names'] = np.array([b'a.mif  ', b'b.mif\x00\x00', b' c.mif '], dtype='S8')
            """
        );
        ModelArrayFile.Open(file.Path).Scalar("FA").SourceNames.ShouldBe(["a.mif", "b.mif", "c.mif"]);
    }

    [Fact]
    public void NamesInTheDoubledScalarsGroupAreFoundLast()
    {
        using var file = new PythonFile(
            """
            with h5py.File(path, 'w') as f:
                f['scalars/FA/values'] = np.zeros((2, 5))
                f['scalars/scalars/FA/values/column_names'] = np.array([b'a', b'b'])
            """
        );
        var scalar = ModelArrayFile.Open(file.Path).Scalar("FA");
        scalar.SourceNamesPlace.ShouldBe("/scalars/scalars/FA/values/column_names");
        scalar.SourceNames.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void EqualAxesMeanThatAxisZeroIsSubjects()
    {
        using var file = new PythonFile("with h5py.File(path, 'w') as f: scalar(f, 'FA', np.zeros((4, 4)))");
        ModelArrayFile.Open(file.Path).Scalar("FA").IsTransposed.ShouldBeFalse();
    }

    [Theory]
    [InlineData("'<f4'", "float32")]
    [InlineData("'>f4'", "float32 big-endian")]
    [InlineData("'>f8'", "float64 big-endian")]
    [InlineData("'i1'", "int8")]
    [InlineData("'<u2'", "uint16")]
    [InlineData("'>i4'", "int32 big-endian")]
    [InlineData("'<u8'", "uint64")]
    [InlineData("'<f2'", "number16")]
    public void StoredTypeIsNamed(string dtype, string expected)
    {
        using var file = new PythonFile($"with h5py.File(path, 'w') as f: scalar(f, 'FA', np.zeros((4, 6), dtype={dtype}))");
        ModelArrayFile.Open(file.Path).Scalar("FA").Type.ToString().ShouldBe(expected);
    }

    [Fact]
    public void AnalysesAreListedWithShapeAndNames()
    {
        using var file = new PythonFile(
            """
            with h5py.File(path, 'w') as f:
                scalar(f, 'FA', np.zeros((3, 9)))
                f['results/lm1/results_matrix'] = np.zeros((2, 9))
                f['results/lm1/column_names'] = np.array([b'element_id', b'Age.estimate'])
                f['results/old/results_matrix'] = np.zeros((1, 9))
                f['results/old/results_matrix'].attrs['colnames'] = ['element_id']
            """
        );
        var analyses = ModelArrayFile.Open(file.Path).Analyses;
        analyses.Select(one => (one.Name, one.Columns, one.Elements)).ShouldBe([("lm1", 2L, 9L), ("old", 1L, 9L)]);
        analyses[0].ColumnNames.ShouldBe(["element_id", "Age.estimate"]);
        analyses[1].ColumnNames.ShouldBe(["element_id"]);
    }

    [Fact]
    public void MissingFileIsNamed() =>
        Should
            .Throw<BadInputException>(() => ModelArrayFile.Open("/no/such/data.h5"))
            .Message.ShouldContain("There is no file '/no/such/data.h5'");

    [Fact]
    public void TextFileIsNotHdf5() =>
        Should
            .Throw<BadInputException>(() => ModelArrayFile.Open(TestData.Oracle("clean.csv")))
            .Message.ShouldContain("is not an HDF5 file");

    [Fact]
    public void TruncatedFileIsCalledTruncatedWithTheLibrarysStack()
    {
        using var file = new PythonFile("with h5py.File(path, 'w') as f: scalar(f, 'FA', np.zeros((30, 500)))");
        using (var stream = File.OpenWrite(file.Path))
            stream.SetLength(stream.Length / 2);
        var failure = Should.Throw<Hdf5Exception>(() => ModelArrayFile.Open(file.Path));
        failure.Message.ShouldContain("is truncated");
        failure.NativeStack.ShouldContain("H5F");
    }

    [Fact]
    public void FileWithoutScalarsIsReportedWithItsContent()
    {
        using var file = new PythonFile("with h5py.File(path, 'w') as f: f['voxels'] = np.zeros((4, 9))");
        Should.Throw<BadInputException>(() => ModelArrayFile.Open(file.Path)).Message.ShouldContain("this one contains voxels");
    }

    [Fact]
    public void WrongScalarNameIsReportedWithTheNearest() =>
        Should
            .Throw<BadInputException>(() => ModelArrayFile.Open(TestData.Oracle("clean.h5")).Scalar("FDD"))
            .Message.ShouldContain("Did you mean 'FDC'?");

    [Fact]
    public void NamesThatFitNeitherAxisStopTheScalarOnlyWhenItIsUsed()
    {
        using var file = new PythonFile(
            """
            with h5py.File(path, 'w') as f:
                scalar(f, 'FA', np.zeros((4, 6)), sources=names(5))
                scalar(f, 'MD', np.zeros((4, 6)))
            """
        );
        var opened = ModelArrayFile.Open(file.Path);
        opened.Scalar("MD").Subjects.ShouldBe(4);
        Should
            .Throw<BadInputException>(() => opened.Scalar("FA"))
            .Message.ShouldContain("contains 5 source names, but '/scalars/FA/values' is 4 x 6");
    }
}
