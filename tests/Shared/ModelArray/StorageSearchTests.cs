using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;
using HpcFit.Shared.ModelArray;
using HpcFit.Shared.Tests.Hdf5;

namespace HpcFit.Shared.Tests.ModelArray;

/// <summary>
/// Values stored in other files are read or reported missing, and never replaced by HDF5's fill values.
/// </summary>
public sealed class StorageSearchTests
{
    private const string Values = """
        import os
        values = np.random.default_rng(3).random((8, 30)).astype('f4')
        os.chdir(os.path.dirname(path))
        def shown(): np.save('values.npy', values.astype('f8'))

        """;

    [Theory]
    [InlineData("")]
    [InlineData(", chunks=(8, 10), compression='gzip'")]
    [InlineData(", chunks=(8, 10), compression='lzf'")]
    public void A_linked_dataset_is_read_from_the_file_that_holds_it(string options)
    {
        using var file = new PythonFile(
            Values
                + $"""
                with h5py.File('target.h5', 'w', userblock_size=512) as f: scalar(f, 'FA', values{options})
                with h5py.File(path, 'w') as f:
                    g = f.create_group('scalars/FA')
                    g['values'] = h5py.ExternalLink('target.h5', '/scalars/FA/values')
                    g['column_names'] = np.array(names(8), dtype=object)
                    f['other'] = np.random.default_rng(4).random((80, 300))
                """
        );
        ShouldHold(file);
        Storage(file).Owner.ShouldBe(Beside(file, "target.h5"));
    }

    [Theory]
    [InlineData("h5py.ExternalLink('target.h5', '/scalars/FA')")]
    [InlineData("h5py.ExternalLink('target.h5', '/scalars/FA'); f['scalars/B'] = h5py.SoftLink('/scalars/FA')")]
    public void A_linked_group_is_read_from_the_file_that_holds_it(string link)
    {
        using var file = new PythonFile(
            Values
                + $"""
                with h5py.File('target.h5', 'w') as f: scalar(f, 'FA', values)
                with h5py.File(path, 'w') as f: f.create_group('scalars'); f['scalars/FA'] = {link}
                """
        );
        ShouldHold(file);
    }

    [Theory]
    [InlineData("f['scalars/FA'] = h5py.ExternalLink('gone.h5', '/scalars/FA')", "gone.h5")]
    [InlineData("f['scalars/FA'] = h5py.SoftLink('/nowhere')", "/nowhere")]
    [InlineData("f['scalars/FA/values'] = h5py.ExternalLink('gone.h5', '/v')", "gone.h5")]
    public void A_link_that_leads_nowhere_is_named(string link, string expected)
    {
        using var file = new PythonFile(Values + $"with h5py.File(path, 'w') as f: scalar(f, 'B', values); {link}");
        Should.Throw<BadInputException>(() => ModelArrayFile.Open(file.Path).Scalar("FA")).Message.ShouldContain(expected);
        ModelArrayFile.Open(file.Path).Scalar("B").Subjects.ShouldBe(8);
    }

    [Theory]
    [InlineData("f4")]
    [InlineData("f8")]
    public void A_virtual_dataset_is_read_and_its_sources_are_listed(string type)
    {
        using var file = new PythonFile(Virtual(type));
        ShouldHold(file);
        Storage(file).Files.Count.ShouldBe(8);
    }

    [Theory]
    [InlineData("os.remove('5.h5')", "5.h5")]
    [InlineData("h5py.File('5.h5', 'w').close()", "which does not exist")]
    [InlineData(
        """
            with h5py.File('5.h5', 'w') as f: f['v'] = values[5, :20]
            """,
        "20 now"
    )]
    [InlineData("open('5.h5', 'w').close()", "5.h5")]
    public void A_source_that_HDF5_would_fill_in_is_named(string damage, string expected)
    {
        using var file = new PythonFile(Virtual("f4") + "\n" + damage);
        Problem(file).ShouldContain(expected);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("np.nan", false)]
    public void Gaps_are_refused_unless_they_are_NaN(string fill, bool isRefused)
    {
        using var file = new PythonFile(Virtual("f4", rows: 7, fill));
        (ModelArrayFile.Open(file.Path).Scalars[0].Problem is not null).ShouldBe(isRefused);
    }

    [Fact]
    public void An_external_file_that_is_too_short_is_named_and_a_whole_one_read()
    {
        using var file = new PythonFile(
            Values
                + """
                with h5py.File(path, 'w') as f: scalar(f, 'FA', values, external=[(path + '.raw', 0, h5py.h5f.UNLIMITED)])
                shown()
                """
        );
        ShouldHold(file);
        file.Run("import os; os.truncate(path + '.raw', 500)");
        Problem(file).ShouldContain("ends at 500 bytes");
        file.Run("import os; os.remove(path + '.raw')");
        Problem(file).ShouldContain("does not exist");
    }

    [Fact]
    public void Values_outside_the_folder_are_read_only_when_that_is_allowed()
    {
        using var elsewhere = new PythonFile(Values + "with h5py.File(path, 'w') as f: scalar(f, 'FA', values)");
        using var file = new PythonFile(
            $"""
            with h5py.File(path, 'w') as f:
                f.create_group('scalars')
                f['scalars/FA'] = h5py.ExternalLink('{elsewhere.Path}', '/scalars/FA')
            """
        );
        Problem(file).ShouldContain("--allow-external");
        ModelArrayFile.Open(file.Path, allowsExternal: true).Scalar("FA").Storage.Files.ShouldBe([elsewhere.Path]);
        file.Run($"import os; os.symlink('{elsewhere.Path}', os.path.join(os.path.dirname(path), 'inside.h5'))");
        file.Run(
            "with h5py.File(path, 'w') as f: f.create_group('scalars'); f['scalars/FA'] = h5py.ExternalLink('inside.h5', '/scalars/FA')"
        );
        Problem(file).ShouldContain("--allow-external");
    }

    [Fact]
    public void Source_names_outside_the_folder_are_read_only_when_that_is_allowed()
    {
        using var elsewhere = new PythonFile(Values + "with h5py.File(path, 'w') as f: scalar(f, 'FA', values)");
        using var file = new PythonFile(
            Values
                + $"""
                with h5py.File(path, 'w') as f:
                    f['scalars/FA/values'] = values
                    f['scalars/FA/column_names'] = h5py.ExternalLink('{elsewhere.Path}', '/scalars/FA/column_names')
                """
        );
        Problem(file)
            .ShouldSatisfyAllConditions(words => words.ShouldContain(elsewhere.Path), words => words.ShouldContain("--allow-external"));
        ModelArrayFile.Open(file.Path).Scalars[0].SourceNames.ShouldBeEmpty();
        var allowed = ModelArrayFile.Open(file.Path, allowsExternal: true).Scalar("FA");
        (allowed.SourceNames.Count, allowed.Storage.Owner).ShouldBe((8, null));
        allowed.Storage.Files.ShouldBe([elsewhere.Path]);
        file.Run(
            "with h5py.File(path, 'r+') as f: del f['scalars/FA/column_names']; f['scalars/FA/column_names'] = "
                + "h5py.ExternalLink('gone.h5', '/x')"
        );
        Problem(file).ShouldContain("gone.h5");
    }

    [Theory]
    [InlineData("f['results/lm'] = h5py.ExternalLink(other, '/results/lm')")]
    [InlineData(
        "f['results/lm/column_names'] = h5py.ExternalLink(other, '/results/lm/column_names'); f['results/lm/results_matrix'] = "
            + "np.zeros((2, 30))"
    )]
    [InlineData("f['deep'] = h5py.ExternalLink(other, '/'); f['results/lm'] = h5py.SoftLink('/deep/results/lm')")]
    public void Results_outside_the_folder_are_named_and_read_only_when_that_is_allowed(string link)
    {
        using var elsewhere = new PythonFile(
            Values
                + "with h5py.File(path, 'w') as f: f['results/lm/results_matrix'] = np.zeros((2, 30)); f['results/lm/column_names'] = "
                + "[b'element_id', b'x']"
        );
        using var file = new PythonFile(
            Values
                + $"""
                other = '{elsewhere.Path}'
                with h5py.File(path, 'w') as f: scalar(f, 'FA', values); f.create_group('results'); {link}
                """
        );
        var found = ModelArrayFile.Open(file.Path).Analyses.ShouldHaveSingleItem();
        found.Files.ShouldBe([elsewhere.Path]);
        found.Problem.ShouldNotBeNull().ShouldContain("--allow-external");
        found.ColumnNames.ShouldBeEmpty();
        Should.Throw<BadInputException>(() => AnalysisColumns.Open(file.Path, "lm")).Message.ShouldContain(elsewhere.Path);
        using var allowed = AnalysisColumns.Open(file.Path, "lm", allowsExternal: true);
        allowed.Summary.ColumnNames.ShouldBe(["element_id", "x"]);
    }

    private static string Virtual(string type, int rows = 8, string fill = "0") =>
        Values
        + $"""
            with h5py.File(path, 'w', libver='latest') as f:
                g = f.create_group('scalars/FA')
                layout = h5py.VirtualLayout((8, 30), '{type}')
                for i in range({rows}):
                    with h5py.File(f'{"{i}"}.h5', 'w') as h: h['v'] = values[i].astype('{type}')
                    layout[i] = h5py.VirtualSource(f'{"{i}"}.h5', 'v', shape=(30,))
                g.create_virtual_dataset('values', layout, fillvalue={fill})
                g['column_names'] = np.array(names(8), dtype=object)
            shown()
            """;

    private static void ShouldHold(PythonFile file)
    {
        using var source = Reading.Open(file.Path, "FA");
        var expected = file.Run("print(' '.join(repr(float(x)) for x in np.random.default_rng(3).random((8, 30)).astype('f4').ravel()))");
        Reading
            .Whole(source)
            .ShouldBe(
                expected
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))
            );
    }

    private static StorageFiles Storage(PythonFile file) => ModelArrayFile.Open(file.Path).Scalar("FA").Storage;

    private static string Problem(PythonFile file) =>
        Should.Throw<BadInputException>(() => ModelArrayFile.Open(file.Path).Scalar("FA")).Message;

    private static string Beside(PythonFile file, string name) => Path.Combine(Path.GetDirectoryName(file.Path)!, name);
}
