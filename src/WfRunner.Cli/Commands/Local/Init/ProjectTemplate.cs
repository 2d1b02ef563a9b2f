namespace WfRunner.Cli.Commands.Local.Init;

/// <summary>The files of a new project of one kind.</summary>
/// <param name="Name">The kind, as <c>--type</c> names it.</param>
/// <param name="Workflow">Text of the workflow file.</param>
/// <param name="Others">The other files, created first.</param>
internal sealed record ProjectTemplate(string Name, string Workflow, IReadOnlyList<(string Path, string Text, bool Executable)> Others)
{
    private const string Ignored = "/.digdag-wrapper\n.digdag\n*.pyc\n";

    public static IReadOnlyList<ProjectTemplate> All { get; } = [Echo(), Shell(), Ruby(), Python(), TreasureData(), PostgreSql()];

    /// <summary>All files in the order they are created.</summary>
    public IEnumerable<(string Path, string Text, bool Executable)> FilesFor(string workflowFile) =>
        [.. Others, (workflowFile, Workflow, false), (".gitignore", Ignored, false)];

    private static ProjectTemplate Echo() => new(
        "echo",
        """
        timezone: UTC

        +setup:
          echo>: start ${session_time}

        +disp_current_date:
          echo>: ${moment(session_time).utc().format('YYYY-MM-DD HH:mm:ss Z')}

        +repeat:
          for_each>:
            order: [first, second, third]
            animal: [dog, cat]
          _do:
            echo>: ${order} ${animal}
          _parallel: true

        +teardown:
          echo>: finish ${session_time}

        """,
        []);

    private static ProjectTemplate Shell() => new(
        "sh",
        """
        timezone: UTC

        +setup:
          sh>: echo start ${session_time}

        +disp_current_date:
          sh>: date

        +repeat:
          for_each>:
            order: [first, second, third]
            animal: [dog, cat]
          _do:
            sh>: scripts/myscript.sh ${order} ${animal}
          _parallel: false

        +teardown:
          sh>: echo finish ${session_time}

        """,
        [
            ("scripts/myscript.sh", "#!/bin/sh\necho \"$1 $2 on $(uname -a)\"\nsleep 1\n", true),
        ]);

    private static ProjectTemplate Ruby() => new(
        "ruby",
        """
        timezone: UTC

        _export:
          rb:
            require: scripts/myclass

        +setup:
          rb>: MyClass.print_time
          label: start
          time: ${session_time}

        +repeat:
          for_each>:
            order: [first, second, third]
            animal: [dog, cat]
          _do:
            rb>: MyClass.say_something
          _parallel: true

        +teardown:
          rb>: MyClass.print_time
          label: finish
          time: ${session_time}

        """,
        [
            (
                "scripts/myclass.rb",
                """
                class MyClass
                  def print_time(label:, time:)
                    puts "#{label} #{time}"
                  end

                  def say_something(order:, animal:)
                    puts "#{order} #{animal}"
                  end
                end

                """,
                false),
        ]);

    private static ProjectTemplate Python() => new(
        "python",
        """
        timezone: UTC

        +setup:
          py>: scripts.myclass.MyClass.print_time
          label: start
          time: ${session_time}

        +repeat:
          for_each>:
            order: [first, second, third]
            animal: [dog, cat]
          _do:
            py>: scripts.myclass.MyClass.say_something
          _parallel: false

        +teardown:
          py>: scripts.myclass.MyClass.print_time
          label: finish
          time: ${session_time}

        """,
        [
            ("scripts/__init__.py", string.Empty, false),
            (
                "scripts/myclass.py",
                """
                class MyClass(object):
                    def print_time(self, label, time):
                        print("%s %s" % (label, time))

                    def say_something(self, order, animal):
                        print("%s %s" % (order, animal))

                """,
                false),
        ]);

    private static ProjectTemplate TreasureData() => new(
        "td",
        """
        timezone: UTC

        +caution:
          echo>: Set database and create_table to names of your own before you push this.

        +query:
          td>: queries/query.sql
          database: sample_datasets
          create_table: my_db.nasdaq_summary_${session_date_compact}

        """,
        [
            (
                "queries/query.sql",
                """
                select
                  symbol,
                  count(1) as days,
                  min(low) as lowest,
                  max(high) as highest
                from
                  nasdaq
                group by
                  symbol

                """,
                false),
        ]);

    private static ProjectTemplate PostgreSql() => new(
        "postgresql",
        """
        timezone: UTC

        _export:
          pg:
            user: digdag_test_user
            host: localhost
            database: digdag_test_db

        +caution:
          echo>: Set user, host and database to your own before you run this.

        +create_src_table:
          pg>: queries/create_src_table.sql

        +insert_data_to_src_table:
          pg>: queries/insert_data_to_src_table.sql

        +summarize_src_table:
          pg>: queries/summarize_src_table.sql
          create_table: summarized_data

        """,
        [
            ("queries/create_src_table.sql", "create table if not exists access_log (at timestamp, path text, status integer)\n", false),
            (
                "queries/insert_data_to_src_table.sql",
                "insert into access_log values (now(), '/', 200), (now(), '/about', 200), (now(), '/missing', 404)\n",
                false),
            ("queries/summarize_src_table.sql", "select status, count(1) as hits from access_log group by status\n", false),
        ]);
}
